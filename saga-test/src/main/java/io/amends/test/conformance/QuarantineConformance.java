package io.amends.test.conformance;

import static io.amends.test.conformance.Samples.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.quarantine.Quarantine;
import io.amends.runtime.quarantine.Quarantine.Case;
import io.amends.runtime.wire.InboundRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every {@link Quarantine} does. */
public abstract class QuarantineConformance extends Conformance<QuarantineFixture> {

    private static Case message(long offset, String reason) {
        return new Case(
                new InboundRecord("parcels", 2, offset, bytes("key"), bytes("value"), Map.of("header", bytes("h"))),
                "MALFORMED",
                reason);
    }

    private void keep(Case... cases) {
        transactions.run(() -> on.quarantine().keep(List.of(cases)));
    }

    @Test
    void a_message_is_kept_whole_with_its_reason() {
        Case message = message(7, "no header");

        keep(message);

        assertThat(on.committed()).singleElement().satisfies(kept -> {
            assertThat(kept.reasonCode()).isEqualTo("MALFORMED");
            assertThat(kept.reason()).isEqualTo("no header");
            assertThat(kept.record().place()).isEqualTo(message.record().place());
            assertThat(kept.record().key()).isEqualTo(bytes("key"));
            assertThat(kept.record().value()).isEqualTo(bytes("value"));
            assertThat(kept.record().headers()).containsOnlyKeys("header");
            assertThat(kept.record().headers().get("header")).isEqualTo(bytes("h"));
        });
    }

    @Test
    void a_message_with_nothing_in_it_is_kept_too() {
        keep(new Case(new InboundRecord("parcels", 0, 1, null, null, Map.of()), "MALFORMED", "empty"));

        assertThat(on.committed()).singleElement().satisfies(kept -> {
            assertThat(kept.record().key()).isNull();
            assertThat(kept.record().value()).isNull();
            assertThat(kept.record().headers()).isEmpty();
        });
    }

    @Test
    void a_message_that_is_there_already_stays_as_it_is() {
        keep(message(7, "first"));

        keep(message(7, "second"), message(8, "other"));

        assertThat(on.committed()).extracting(Case::reason).containsExactly("first", "other");
    }

    @Test
    void messages_are_counted_each_time_they_come() {
        keep(message(7, "first"));
        keep(message(7, "again"), message(8, "other"));
        keep();

        assertThat(on.quarantine().kept()).isEqualTo(3);
    }

    @Test
    void without_a_transaction_a_message_is_kept_at_once() {
        on.quarantine().keep(List.of(message(7, "first")));

        assertThat(on.committed()).hasSize(1);
    }

    @Test
    void a_rolled_back_transaction_keeps_nothing() {
        transactions.undone(() -> keep(message(7, "first")));

        assertThat(on.committed()).isEmpty();
    }
}
