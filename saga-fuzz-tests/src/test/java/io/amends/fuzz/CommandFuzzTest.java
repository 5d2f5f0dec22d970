package io.amends.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.amends.runtime.quarantine.Quarantine;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.MessageSecurity;
import io.amends.runtime.wire.WireHeaders;
import java.util.List;

/**
 * Whatever comes as a command is carried out and answered, or is quarantined raw with its reason; the commands of the same
 * poll are carried out, and nothing is thrown.
 */
class CommandFuzzTest {

    private static final String TOPIC = "saga.warehouse.commands";

    @FuzzTest(maxDuration = "60s")
    @DictionaryFile(resourcePath = "/io/amends/fuzz/dictionary.txt")
    void a_command_is_carried_out_or_quarantined_as_it_came(byte[] input) {
        Services services = new Services(MessageSecurity.NONE);
        InboundRecord record = RawRecord.of(input, TOPIC, 2);

        services.participant().process(List.of(services.goodCommand(1), record, services.goodCommand(3)));

        List<Quarantine.Case> quarantined = services.quarantine.all();
        List<String> answers = services.outbox.pending(10).stream()
                .map(pending -> new String(pending.message().headers().get(WireHeaders.CORRELATION_ID)))
                .toList();
        assertThat(answers)
                .filteredOn(services.goodCommand(1).text(WireHeaders.CORRELATION_ID)::equals)
                .hasSizeGreaterThanOrEqualTo(2);
        if (quarantined.isEmpty()) {
            assertThat(answers).hasSize(3);
        } else {
            Expectation.keptAsItCame(quarantined, record);
        }
    }

    @FuzzTest(maxDuration = "60s")
    @DictionaryFile(resourcePath = "/io/amends/fuzz/dictionary.txt")
    void where_signatures_are_required_whatever_has_none_that_is_right_is_quarantined(byte[] input) {
        Services services = new Services(Services.PROTECTED);
        InboundRecord record = RawRecord.of(input, TOPIC, 2);

        services.participant().process(List.of(services.goodCommand(1), record, services.goodCommand(3)));

        Expectation.keptAsItCame(services.quarantine.all(), record);
        assertThat(services.outbox.pending(10)).hasSize(2);
    }
}
