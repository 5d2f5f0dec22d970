package io.amends.dashboard.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.verbs.Foreseen;
import io.amends.runtime.SagaOperations.Result;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a dry run tells of very many sagas. */
class DryRunTest {

    @Test
    void of_each_result_one_is_shown_however_late_it_comes() {
        List<Foreseen> all = IntStream.rangeClosed(1, 30)
                .mapToObj(i -> new Foreseen(
                        new UUID(0, i),
                        "k" + i,
                        i >= 29 ? Result.NOT_ALLOWED : Result.DONE,
                        Sentence.verbatim("text"),
                        List.of()))
                .toList();

        DryRun dry = DryRun.of(all, true);

        assertThat(dry.counts()).isEqualTo(Map.of(Result.DONE, 28L, Result.NOT_ALLOWED, 2L));
        assertThat(dry.sample()).hasSize(21).startsWith(all.get(0)).endsWith(all.get(28));
    }
}
