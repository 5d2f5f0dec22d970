package io.amends.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.amends.databases.LibraryApplication.Loan;
import io.amends.databases.LibraryApplication.LoanSaga;
import io.amends.outbox.NoTransactionException;
import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxMessage;
import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** An application with two databases, of which not the usual one is that of the sagas. */
class SeveralDatabasesTest {

    private static final EmbeddedPostgresServer SERVER = EmbeddedPostgresServer.shared();
    private static final String CATALOGUE = SERVER.freshDatabase();
    private static final String LOANS = SERVER.freshDatabase();

    private static final JdbcClient catalogue = client(CATALOGUE);
    private static final JdbcClient loans = client(LOANS);

    private static ConfigurableApplicationContext library;

    @BeforeAll
    static void start() {
        loans.sql("create table loan (book text, reader text)").update();
        loans.sql("create table rung (book text)").update();
        library = new SpringApplicationBuilder(LibraryApplication.class)
                .run(
                        "--spring.datasource.url=" + CATALOGUE,
                        "--spring.datasource.username=" + SERVER.username(),
                        "--spring.datasource.password=" + SERVER.password(),
                        "--loans.datasource.jdbc-url=" + LOANS,
                        "--loans.datasource.username=" + SERVER.username(),
                        "--loans.datasource.password=" + SERVER.password());
    }

    @AfterAll
    static void stop() {
        library.close();
    }

    @Test
    void sagas_handlers_outbox_and_inbox_work_in_the_annotated_one() {
        start("Moby-Dick", "ishmael");

        awaitPhase("Moby-Dick", SagaPhase.COMPLETED);
        assertThat(booksIn("loan")).contains("Moby-Dick");
        await().atMost(Duration.ofSeconds(30)).until(() -> booksIn("rung").contains("Moby-Dick"));
    }

    @Test
    void a_rejection_undoes_what_the_handler_wrote_so_its_transaction_is_the_right_one() {
        start("reading room: Faust", "gretchen");

        awaitPhase("reading room: Faust", SagaPhase.COMPENSATED);
        assertThat(booksIn("loan")).doesNotContain("reading room: Faust");
    }

    @Test
    void a_transaction_of_the_annotated_manager_takes_the_start_of_a_saga_along() {
        new TransactionTemplate(library.getBean("loansTransactions", PlatformTransactionManager.class))
                .executeWithoutResult(status -> {
                    start("Ulysses", "molly");
                    status.setRollbackOnly();
                });

        assertThat(library.getBean(Sagas.class).find("loan", SagaKey.of("Ulysses")))
                .isEmpty();
    }

    @Test
    void in_a_transaction_of_the_other_database_an_append_is_refused() {
        PlatformTransactionManager usual = library.getBean(PlatformTransactionManager.class);
        Outbox outbox = library.getBean(Outbox.class);

        assertThatThrownBy(() -> new TransactionTemplate(usual)
                        .executeWithoutResult(status -> outbox.append(new OutboxMessage(
                                UUID.randomUUID(), LibraryApplication.LENT, "k", "lent", new byte[0], Map.of()))))
                .isInstanceOf(NoTransactionException.class)
                .hasMessageContaining("not on the outbox's DataSource");
    }

    @Test
    void the_console_reads_there_too() throws Exception {
        start("Emma", "harriet");

        assertThat(get("/amends/api/v1/sagas")).contains("\"key\":\"Emma\"");
        assertThat(get("/actuator/health")).contains("all 3 run");
    }

    @Test
    void the_other_database_has_no_table_of_amends_and_stays_the_usual_one() {
        assertThat(tables(catalogue)).isEmpty();
        assertThat(tables(loans)).contains("saga_instance", "saga_outbox", "saga_inbox", "saga_console_action");
        assertThat(library.getBean(JdbcClient.class)
                        .sql("select current_database()")
                        .query(String.class)
                        .single())
                .isEqualTo(catalogue
                        .sql("select current_database()")
                        .query(String.class)
                        .single());
    }

    private static void start(String book, String reader) {
        library.getBean(Sagas.class).start(LoanSaga.class, new Loan(book, reader), SagaKey.of(book));
    }

    private static void awaitPhase(String book, SagaPhase phase) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> library.getBean(Sagas.class)
                        .find("loan", SagaKey.of(book))
                        .map(SagaSnapshot::phase)
                        .filter(phase::equals)
                        .isPresent());
    }

    private static List<String> booksIn(String table) {
        return loans.sql("select book from " + table).query(String.class).list();
    }

    private static List<String> tables(JdbcClient database) {
        return database.sql("select tablename from pg_tables where schemaname = 'public'")
                .query(String.class)
                .list();
    }

    private static JdbcClient client(String url) {
        return JdbcClient.create(new DriverManagerDataSource(url, SERVER.username(), SERVER.password()));
    }

    private static String get(String path) throws Exception {
        String port = library.getEnvironment().getRequiredProperty("local.server.port");
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
        return answer.body();
    }
}
