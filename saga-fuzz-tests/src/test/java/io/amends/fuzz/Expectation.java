package io.amends.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.quarantine.Quarantine;
import io.amends.runtime.wire.InboundRecord;
import java.util.List;

/** What is expected of every quarantine. */
final class Expectation {

    private Expectation() {}

    /** It is there once, nothing of it is lost or changed, and there is a reason that can be stored and read. */
    static void keptAsItCame(List<Quarantine.Case> quarantined, InboundRecord record) {
        assertThat(quarantined).hasSize(1);
        Quarantine.Case kept = quarantined.get(0);
        assertThat(kept.record().value()).isEqualTo(record.value());
        assertThat(kept.record().key()).isEqualTo(record.key());
        assertThat(kept.record().headers()).isEqualTo(record.headers());
        assertThat(kept.reasonCode()).matches("[A-Z_]{5,40}");
        assertThat(kept.reason()).isNotBlank().hasSizeLessThan(2_000);
    }
}
