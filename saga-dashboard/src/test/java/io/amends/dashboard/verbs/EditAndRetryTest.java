package io.amends.dashboard.verbs;

import static io.amends.dashboard.Office.ANN;
import static io.amends.dashboard.Office.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.dashboard.Office;
import io.amends.dashboard.access.Masking;
import io.amends.dashboard.audit.ActionState;
import io.amends.dashboard.audit.AuditLine;
import io.amends.dashboard.audit.DataEdit;
import io.amends.dashboard.audit.KeyReusedException;
import io.amends.runtime.SagaOperations.Result;
import io.amends.runtime.orchestrator.JdbcSagaStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operators put other data in the place of a stuck saga's. */
class EditAndRetryTest {

    private static Office office;

    private final EditedData edits =
            new EditedData(office.depot.registry, office.codec, new Masking(List.of("customer"), List.of()), true);
    private final ConsoleVerbs verbs = verbs(Set.of());
    private final Foresight foresight =
            new Foresight(office.depot.registry, new JdbcSagaStore(office.jdbc), office.codec, edits);

    private ConsoleVerbs verbs(Set<String> fourEyes) {
        return new ConsoleVerbs(
                office.orchestration.operations(),
                office.depot.registry,
                office.codec,
                office.jdbc,
                office.transactions,
                office.log,
                fourEyes,
                edits);
    }

    @BeforeAll
    static void open() {
        office = new Office();
    }

    @AfterAll
    static void close() {
        office.close();
    }

    @BeforeEach
    void clear() {
        office.clear();
    }

    private static ConsoleVerb.EditAndRetry edit(String data) {
        return new ConsoleVerb.EditAndRetry(data);
    }

    private static String data(UUID id) {
        return String.valueOf(office.jdbc.queryForObject(
                "select convert_from(data, 'UTF8') from saga_instance where saga_id = ?", String.class, id));
    }

    /** As it is shown, with another id of the parcel. */
    private static String shown(String parcel) {
        return "{\"id\":\"%s\",\"customer\":\"***\",\"note\":\"\"}".formatted(parcel);
    }

    private static String sha256(String text) throws NoSuchAlgorithmException {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private ActionTaken give(UUID id, ConsoleVerb verb) {
        return verbs.carryOut(office.order(id, verb));
    }

    @Test
    void the_command_is_made_of_the_edited_data_and_the_audit_has_both() throws NoSuchAlgorithmException {
        UUID id = office.stuck("mended");
        String before = data(id);
        office.depot.take();

        ActionTaken taken = give(id, edit(shown("mended-2")));

        assertThat(taken.result()).as(taken.explanation()).isEqualTo("DONE");
        assertThat(taken.state()).isEqualTo(ActionState.ACCEPTED);
        assertThat(office.depot.take()).singleElement().satisfies(sent -> {
            assertThat(sent.type()).isEqualTo("collect");
            assertThat(new String(sent.payload(), StandardCharsets.UTF_8)).isEqualTo("{\"id\":\"mended-2\"}");
        });
        assertThat(data(id)).isEqualTo(before.replace("\"mended\"", "\"mended-2\""));
        assertThat(data(id)).as("what was masked stays").contains("customer-mended");
        AuditLine line = office.lines(id).get(0);
        assertThat(line.entry().explanation()).isEqualTo("Changed: /id.");
        assertThat(line.entry().arguments())
                .matches("\\{\"data\":\"hmac-sha256:[0-9a-f]{64}\"}")
                .as("who knows all but a short secret could guess it")
                .doesNotContain(sha256(shown("mended-2")));
        assertThat(office.trail.edit(line.id())).contains(new DataEdit(before, data(id)));
        assertThat(office.row("select phase_after from saga_audit where saga_id = ?", id))
                .containsEntry("phase_after", "RUNNING");
    }

    @Test
    void what_an_edit_would_change_is_told_masked_and_nothing_is_done() {
        UUID id = office.stuck("foreseen");
        String before = data(id);
        office.depot.take();
        String other = "{\"id\":\"x\",\"customer\":\"carol\",\"note\":\"\"}";

        Foreseen seen = foresight.of(List.of(id), edit(other)).get(0);

        assertThat(seen.result()).as(seen.text()).isEqualTo(Result.DONE);
        assertThat(seen.text()).isEqualTo("sends the action of collect to vans, it is RUNNING then");
        assertThat(seen.changes())
                .containsExactlyInAnyOrder(
                        new DataChange("/id", "\"foreseen\"", "\"x\""),
                        new DataChange("/customer", "\"***\"", "\"***\""));
        assertThat(data(id)).isEqualTo(before);
        assertThat(office.depot.take()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"id\":\"x\",\"customer\":\"***\",\"note\":\"\",\"colour\":\"secret-red\"} | does not have /colour",
                "{\"id\":\"x\",\"customer\":\"***\",\"note\":\"***\"}            | stands for nothing that is masked there",
                "{\"id\":\"x\",\"customer\":\"secret-carol\"                     | is no JSON: look at line 1",
                "{\"id\":{\"x\":\"secret-carol\"},\"customer\":\"***\"}          | is not the data of this saga",
                "{\"id\":\"refused\",\"customer\":\"***\",\"note\":\"\"}         | changes nothing",
                "null                                                       | is not the data of this saga"
            })
    void what_can_not_be_read_back_is_refused_and_not_quoted(String edited, String why) {
        UUID id = office.stuck("refused");
        String before = data(id);
        office.depot.take();

        ActionTaken taken = give(id, edit(edited));

        assertThat(taken.state()).isEqualTo(ActionState.REFUSED);
        assertThat(taken.explanation()).contains(why).doesNotContain("secret");
        assertThat(foresight.of(List.of(id), edit(edited)).get(0).text()).isEqualTo(taken.explanation());
        assertThat(data(id)).isEqualTo(before);
        assertThat(office.depot.take()).isEmpty();
    }

    @Test
    void what_is_not_stuck_or_changed_since_is_not_edited_and_nothing_is_where_it_is_off() {
        UUID runs = office.start("runs");
        assertThat(give(runs, edit(shown("x"))).explanation()).contains("Only a saga that is stuck");
        UUID id = office.stuck("since");
        VerbOrder late = office.order(id, edit(shown("x")));
        give(id, new ConsoleVerb.Pause(null));
        give(id, new ConsoleVerb.Resume());

        assertThat(verbs.carryOut(late).result()).isEqualTo("CHANGED_SINCE");
        assertThat(office.verbs.carryOut(office.order(id, edit(shown("x")))).explanation())
                .contains("saga.console.edit");
        assertThat(data(id)).contains("\"since\"");
    }

    @Test
    void a_second_person_can_be_needed_and_approves_what_was_written() {
        UUID id = office.stuck("two");
        ConsoleVerbs strict = verbs(Set.of("edit-and-retry"));
        Approvals approvals = new Approvals(strict, office.jdbc, office.transactions, office.log, UUID::randomUUID);
        VerbOrder order = office.order(id, edit(shown("two-2")));
        assertThatThrownBy(() -> strict.carryOut(order)).isInstanceOf(ApprovalNeededException.class);

        UUID request = approvals.ask(order, Duration.ofHours(1)).request().id();
        assertThat(data(id)).contains("\"two\"");
        ActionTaken taken = approvals.approve(request, BOB);

        assertThat(taken.isDone()).as(taken.explanation()).isTrue();
        assertThat(data(id)).contains("\"two-2\"", "customer-two");
        assertThat(office.lines(id))
                .allSatisfy(line -> assertThat(line.entry().arguments()).doesNotContain("two-2"));
    }

    @Test
    void a_repeat_under_the_same_key_edits_once_and_other_data_is_another_order() {
        UUID id = office.stuck("key");
        long seen = office.revision(id);
        String key = UUID.randomUUID().toString();
        ActionTaken first = verbs.carryOut(new VerbOrder(id, edit(shown("key-2")), ANN, "why", seen, key));

        assertThat(verbs.carryOut(new VerbOrder(id, edit(shown("key-2")), ANN, "why", seen, key))
                        .actionId())
                .isEqualTo(first.actionId());
        assertThatThrownBy(() -> verbs.carryOut(new VerbOrder(id, edit(shown("key-3")), ANN, "why", seen, key)))
                .isInstanceOf(KeyReusedException.class);
        assertThat(data(id)).contains("key-2");
    }
}
