package io.amends.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.amends.jpa.DepotApplication.Bank;
import io.amends.jpa.DepotApplication.Note;
import io.amends.jpa.DepotApplication.Notes;
import io.amends.jpa.DepotApplication.Order;
import io.amends.jpa.DepotApplication.OrderSaga;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.ReasonCode;
import io.amends.saga.engine.SagaPhase;
import io.amends.test.postgres.EmbeddedPostgresServer;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionTemplate;

/** Sagas, participants and hooks whose transactions are JPA's. */
class JpaSagaTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static ConfigurableApplicationContext application;
    private static Sagas sagas;
    private static Notes notes;
    private static TransactionTemplate transaction;
    private static TransactionTemplate nested;

    @BeforeAll
    static void start() {
        EmbeddedPostgresServer server = EmbeddedPostgresServer.shared();
        application = new SpringApplicationBuilder(DepotApplication.class)
                .run(
                        "--spring.datasource.url=" + server.freshDatabase(),
                        "--spring.datasource.username=" + server.username(),
                        "--spring.datasource.password=" + server.password(),
                        "--spring.jpa.hibernate.ddl-auto=update",
                        "--saga.transport=postgresql");
        sagas = application.getBean(Sagas.class);
        notes = application.getBean(Notes.class);
        PlatformTransactionManager manager = application.getBean(PlatformTransactionManager.class);
        assertThat(manager).isInstanceOf(JpaTransactionManager.class);
        transaction = new TransactionTemplate(manager);
        nested = new TransactionTemplate(manager);
        nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @BeforeEach
    void nothingNoted() {
        notes.deleteAll();
    }

    @Test
    void a_saga_completes_and_what_its_participants_and_hooks_saved_is_there() {
        sagas.start(OrderSaga.class, new Order("cheap", 3), SagaKey.of("cheap"));
        await().atMost(LONG).until(() -> phase("cheap") == SagaPhase.COMPLETED);
        assertThat(texts()).containsExactlyInAnyOrder("reserved cheap", "paid cheap", "completed cheap");
    }

    @Test
    void what_a_handler_saved_before_it_rejected_is_undone_alone() {
        List<String> ids = IntStream.range(0, 30).mapToObj(i -> "mixed-" + i).toList();
        transaction.executeWithoutResult(status -> ids.forEach(
                id -> sagas.start(OrderSaga.class, new Order(id, id.endsWith("5") ? 99 : 1), SagaKey.of(id))));
        for (String id : ids) {
            SagaPhase end = id.endsWith("5") ? SagaPhase.COMPENSATED : SagaPhase.COMPLETED;
            await(id).atMost(LONG).until(() -> phase(id) == end);
        }
        assertThat(texts())
                .contains("paid mixed-4", "completed mixed-4", "compensated mixed-5")
                .doesNotContain("paid mixed-5", "reserved mixed-5")
                .hasSize(27 * 3 + 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {Bank.FULL, Bank.FULL_LATER})
    void a_handler_may_reject_after_transactional_code_that_it_called_threw_also_when_it_is_tried_again(int price) {
        String id = "full-" + price;
        String other = "beside-" + price;
        transaction.executeWithoutResult(status -> {
            sagas.start(OrderSaga.class, new Order(id, price), SagaKey.of(id));
            sagas.start(OrderSaga.class, new Order(other, 1), SagaKey.of(other));
        });
        await().atMost(LONG).until(() -> phase(id) == SagaPhase.COMPENSATED && phase(other) == SagaPhase.COMPLETED);
        assertThat(sagas.find("order", SagaKey.of(id)).orElseThrow().reasonCode())
                .isEqualTo(ReasonCode.REJECTED.name());
        assertThat(texts()).contains("compensated " + id, "paid " + other).doesNotContain("charged " + id);
    }

    @Test
    void entities_lie_on_the_side_of_a_savepoint_on_which_they_were_saved() {
        transaction.executeWithoutResult(outer -> {
            notes.save(new Note("before"));
            nested.executeWithoutResult(status -> {
                notes.save(new Note("undone"));
                status.setRollbackOnly();
            });
            nested.executeWithoutResult(status -> notes.save(new Note("kept")));
            assertThat(notes.findById("undone")).isEmpty();
            notes.save(new Note("after"));
        });
        assertThat(texts()).containsExactlyInAnyOrder("before", "kept", "after");
    }

    /** Hibernate marks its transaction when a flush fails, and nothing takes the mark away. */
    @Test
    void after_a_statement_of_jpas_that_failed_the_transaction_can_only_be_undone() {
        notes.save(new Note("twice"));
        EntityManager entities = application.getBean(EntityManager.class);
        assertThatThrownBy(() -> transaction.executeWithoutResult(outer -> {
                    notes.save(new Note("before"));
                    assertThatThrownBy(() -> nested.executeWithoutResult(status -> {
                                entities.persist(new Note("twice"));
                                entities.flush();
                            }))
                            .isInstanceOf(RuntimeException.class);
                }))
                .isInstanceOf(UnexpectedRollbackException.class);
        assertThat(texts()).containsExactly("twice");
    }

    private static SagaPhase phase(String key) {
        return sagas.find("order", SagaKey.of(key)).orElseThrow().phase();
    }

    private static List<String> texts() {
        return notes.findAll().stream().map(note -> note.text).toList();
    }
}
