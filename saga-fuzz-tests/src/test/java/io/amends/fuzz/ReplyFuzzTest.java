package io.amends.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.amends.runtime.orchestrator.Orchestration;
import io.amends.runtime.wire.InboundRecord;
import io.amends.runtime.wire.MessageSecurity;
import io.amends.saga.engine.Disposition;
import java.util.List;
import java.util.stream.Stream;

/** Whatever comes as a reply is decided on, or is quarantined raw with its reason, and nothing is thrown. */
class ReplyFuzzTest {

    @FuzzTest(maxDuration = "60s")
    @DictionaryFile(resourcePath = "/io/amends/fuzz/dictionary.txt")
    void a_reply_is_decided_on_or_quarantined_as_it_came(byte[] input) {
        Services services = new Services(MessageSecurity.NONE);
        Orchestration orchestration = services.orchestration();
        InboundRecord record = RawRecord.of(input, "saga.order.replies", 2);

        orchestration.replies().process(List.of(record));

        if (services.quarantine.all().isEmpty()) {
            assertThat(Stream.of(Disposition.values())
                            .mapToLong(orchestration.counts()::of)
                            .sum())
                    .isEqualTo(1);
        } else {
            Expectation.keptAsItCame(services.quarantine.all(), record);
        }
    }
}
