package io.amends.twopc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictTest {

    private static final Vote YES = new Vote.Prepared("7");
    private static final Vote NO = new Vote.Refused("no", null, false);
    private static final Vote AGAIN = new Vote.Refused("deadlock", null, true);
    private static final Vote SILENCE = new Vote.Unknown("no answer", null);
    private static final Vote READ_ONLY = new Vote.ReadOnly();

    @Test
    void all_must_agree() {
        assertThat(verdict(YES, YES)).isInstanceOf(Verdict.Commit.class);
        assertThat(verdict(YES, NO)).isInstanceOf(Verdict.Abort.class);
        assertThat(verdict(SILENCE, YES)).isInstanceOf(Verdict.Abort.class);
    }

    @Test
    void who_only_read_is_not_told() {
        assertThat(verdict(READ_ONLY, YES)).isEqualTo(new Verdict.Commit(List.of(new Decision.Branch("b1", "7"))));
        assertThat(verdict(READ_ONLY, READ_ONLY)).isEqualTo(new Verdict.Nothing());
        assertThat(verdict()).isEqualTo(new Verdict.Nothing());
    }

    @Test
    void a_refusal_says_more_than_silence_and_only_a_lost_race_is_run_again() {
        assertThat(verdict(SILENCE, AGAIN)).isEqualTo(new Verdict.Abort("b1", "deadlock", null, true));
        assertThat(verdict(SILENCE, YES)).isEqualTo(new Verdict.Abort("b0", "no answer", null, false));
    }

    private static Verdict verdict(Vote... votes) {
        Map<String, Vote> named = new LinkedHashMap<>();
        for (int i = 0; i < votes.length; i++) {
            named.put("b" + i, votes[i]);
        }
        return Verdict.of(named);
    }
}
