package io.amends.twopc.http;

import static io.amends.twopc.EndpointBank.LIMIT;
import static io.amends.twopc.EndpointBank.amount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.twopc.BranchState;
import io.amends.twopc.EndpointBank;
import io.amends.twopc.Gid;
import io.amends.twopc.ParticipantException;
import io.amends.twopc.PreparedBranch;
import io.amends.twopc.RemoteWork;
import io.amends.twopc.Vote;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpParticipantTest {

    private final EndpointBank bank = new EndpointBank();
    private final EndpointServer server = new EndpointServer(bank::endpoint);
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpParticipant participant =
            new HttpParticipant("bank-b", server.uri(), EndpointServer.SECRET, client);
    private final Gid gid = Gid.parse(EndpointBank.newGid()).orElseThrow();

    @AfterEach
    void close() {
        for (PreparedBranch left : bank.endpoint().inDoubt("amends:", LIMIT)) {
            bank.endpoint().rollback(left.gid(), null, LIMIT);
        }
        server.close();
        bank.close();
    }

    @Test
    void all_that_a_coordinator_asks_goes_over_the_network_and_back() {
        Vote vote = participant.prepare(gid, amount(10), LIMIT);
        String xid = ((Vote.Prepared) vote).xid();

        assertThat(xid).isNotNull();
        assertThat(participant.listInDoubt("amends:test:", LIMIT))
                .singleElement()
                .satisfies(branch -> {
                    assertThat(branch.gid()).isEqualTo(gid.text());
                    assertThat(branch.age()).isLessThan(Duration.ofSeconds(10));
                });
        assertThat(participant.listInDoubt("amends:other:", LIMIT)).isEmpty();

        assertThat(participant.commit(gid, xid, LIMIT)).isEqualTo(BranchState.COMMITTED);
        assertThat(participant.commit(gid, null, LIMIT)).isEqualTo(BranchState.COMMITTED);
        assertThat(participant.rollback(gid, xid, LIMIT)).isEqualTo(BranchState.COMMITTED);
        assertThat(participant.states(List.of(xid), LIMIT)).containsEntry(xid, BranchState.COMMITTED);
        assertThat(bank.balance()).isEqualTo(110);

        Gid unknown = Gid.parse(EndpointBank.newGid()).orElseThrow();
        assertThat(participant.commit(unknown, null, LIMIT)).isEqualTo(BranchState.UNKNOWN);
        assertThat(participant.rollback(unknown, null, LIMIT)).isEqualTo(BranchState.ROLLED_BACK);
        assertThat(participant.commit(unknown, null, LIMIT)).isEqualTo(BranchState.ROLLED_BACK);
    }

    @Test
    void a_business_no_arrives_with_its_reason() {
        assertThat(participant.prepare(gid, amount(-500), LIMIT))
                .isEqualTo(new Vote.Refused("insufficient funds", null, false));
    }

    @Test
    void a_lost_answer_means_unknown() {
        server.loseAnswersOf(path -> path.endsWith("prepare"));

        assertThat(participant.prepare(gid, amount(10), LIMIT)).isInstanceOf(Vote.Unknown.class);
        assertThat(bank.prepared()).isEqualTo(1);
        assertThat(server.calls()).containsExactly("prepare");
    }

    @Test
    void an_answer_of_somebody_in_between_means_unknown() {
        server.answerInBetween(path -> true);

        assertThat(participant.prepare(gid, amount(10), LIMIT)).isInstanceOf(Vote.Unknown.class);
        assertThatThrownBy(() -> participant.commit(gid, "1", LIMIT)).isInstanceOf(ParticipantException.class);
        assertThatThrownBy(() -> participant.rollback(gid, "1", LIMIT)).isInstanceOf(ParticipantException.class);
        assertThatThrownBy(() -> participant.listInDoubt("amends:", LIMIT)).isInstanceOf(ParticipantException.class);
        assertThatThrownBy(() -> participant.states(List.of("1"), LIMIT)).isInstanceOf(ParticipantException.class);
    }

    @Test
    void no_answer_in_time_means_unknown() {
        bank.jdbc().execute("begin; update account set balance = 7; prepare transaction 'a lock'");
        try {
            HttpParticipant deaf = new HttpParticipant("bank-b", server.uri(), EndpointServer.SECRET, client);
            assertThat(deaf.prepare(gid, amount(10), Duration.ofMillis(1))).isInstanceOf(Vote.Unknown.class);
        } finally {
            bank.jdbc().execute("rollback prepared 'a lock'");
        }
    }

    @Test
    void the_service_gives_up_in_time_to_say_so() {
        bank.jdbc().execute("begin; update account set balance = 7; prepare transaction 'a lock'");
        try {
            assertThat(participant.prepare(gid, amount(10), Duration.ofSeconds(2)))
                    .isInstanceOfSatisfying(
                            Vote.Refused.class, no -> assertThat(no.reason()).contains("at the service"));
        } finally {
            bank.jdbc().execute("rollback prepared 'a lock'");
        }
    }

    @Test
    void a_service_that_is_away_has_certainly_prepared_nothing() {
        server.stop();

        assertThat(participant.prepare(gid, amount(10), LIMIT))
                .isInstanceOfSatisfying(
                        Vote.Refused.class, no -> assertThat(no.reason()).contains("can't be reached"));
        assertThatThrownBy(() -> participant.commit(gid, null, LIMIT)).isInstanceOf(ParticipantException.class);
    }

    @Test
    void without_the_secret_nothing_is_done_and_nothing_is_told() {
        Vote prepared = participant.prepare(gid, amount(10), LIMIT);
        HttpParticipant stranger = new HttpParticipant("bank-b", server.uri(), "not-the-right-secret", client);

        assertThat(stranger.prepare(Gid.parse(EndpointBank.newGid()).orElseThrow(), amount(10), LIMIT))
                .isInstanceOfSatisfying(
                        Vote.Refused.class, no -> assertThat(no.reason()).contains("401", "secret"));
        assertThatThrownBy(() -> stranger.commit(gid, ((Vote.Prepared) prepared).xid(), LIMIT))
                .isInstanceOf(ParticipantException.class)
                .hasMessageContaining("401");
        assertThatThrownBy(() -> stranger.rollback(gid, null, LIMIT)).isInstanceOf(ParticipantException.class);
        assertThatThrownBy(() -> stranger.listInDoubt("amends:", LIMIT))
                .isInstanceOf(ParticipantException.class)
                .hasMessageNotContaining(gid.text());
        assertThatThrownBy(() -> stranger.states(List.of("1"), LIMIT)).isInstanceOf(ParticipantException.class);
        assertThat(stranger.problems("amends:test:", 16, LIMIT))
                .singleElement()
                .asString()
                .contains("secret");
        assertThat(participant.problems("amends:test:", 16, LIMIT)).isEmpty();
        assertThat(bank.calls()).isEqualTo(1);
        assertThat(bank.prepared()).isEqualTo(1);
    }

    @Test
    void a_body_that_is_too_large_is_not_taken() {
        RemoteWork large = new RemoteWork(new byte[TwoPhaseHttp.LONGEST_BODY + 1], "text/plain");

        assertThat(participant.prepare(gid, large, LIMIT))
                .isInstanceOfSatisfying(
                        Vote.Refused.class, no -> assertThat(no.reason()).contains("413"));
        assertThat(bank.calls()).isZero();
    }

    @Test
    void a_secret_that_is_easily_guessed_and_an_address_that_is_none_are_refused() {
        assertThatThrownBy(() -> new TwoPhaseHttp(bank.endpoint(), "short"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16");
        assertThatThrownBy(() -> new HttpParticipant("b", URI.create("bank-b:8082"), EndpointServer.SECRET, client))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bank-b:8082");
    }

    @Test
    void its_place_is_told_without_secrets() {
        URI uri = URI.create("https://user:hidden@bank-b:8443/api/?token=hidden");

        assertThat(new HttpParticipant("b", uri, EndpointServer.SECRET, client).place())
                .isEqualTo("the database of the service at https://bank-b:8443/api/twopc");
    }
}
