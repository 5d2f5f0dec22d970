package io.amends.spring.boot.autoconfigure.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.outbox.Outbox;
import io.amends.outbox.inbox.Inbox;
import io.amends.outbox.relay.Relay;
import io.amends.outbox.schema.SchemaOutdatedException;
import io.amends.runtime.Sagas;
import io.amends.runtime.wire.JacksonPayloadCodec;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.saga.definition.InvalidSagaException;
import io.amends.spring.boot.autoconfigure.definition.found.ParcelApplication;
import io.amends.spring.boot.autoconfigure.kafka.NeededTopics;
import io.amends.spring.boot.autoconfigure.outbox.WrongTransactionManagerException;
import io.amends.spring.boot.autoconfigure.runtime.empty.EmptyApplication;
import io.amends.spring.boot.autoconfigure.runtime.unhandled.LetterApplication;
import io.amends.spring.boot.autoconfigure.runtime.unreadable.ParcelsToDraw;
import io.amends.test.kafka.EmbeddedKafkaBroker;
import io.amends.test.postgres.EmbeddedPostgresServer;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

@ExtendWith(OutputCaptureExtension.class)
class SagaAutoConfigurationTest {

    @Test
    void without_saga_and_participant_there_are_still_outbox_inbox_and_relay_and_the_start_says_so(
            CapturedOutput output) {
        application().withUserConfiguration(EmptyApplication.class).run(context -> {
            assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(Outbox.class)
                    .hasSingleBean(Inbox.class)
                    .hasSingleBean(Relay.class)
                    .hasSingleBean(Sagas.class);
            assertThat(context.getBean(Relay.class).isRunning()).isTrue();
            assertThat(output)
                    .containsOnlyOnce(
                            "No class with @Saga or @SagaParticipant in or below the application's packages; outbox and relay are ready.");
        });
    }

    @Test
    void without_a_database_nothing_is_set_up_and_the_application_starts() {
        application()
                .withUserConfiguration(EmptyApplication.class)
                .withPropertyValues("spring.autoconfigure.exclude=" + DataSourceAutoConfiguration.class.getName())
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(Outbox.class)
                        .doesNotHaveBean(Relay.class)
                        .doesNotHaveBean(Sagas.class));
    }

    @Test
    void the_relay_can_be_left_to_another_process() {
        application()
                .withUserConfiguration(EmptyApplication.class)
                .withPropertyValues("saga.relay.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Outbox.class)
                        .doesNotHaveBean(Relay.class));
    }

    @Test
    void a_console_that_is_switched_on_without_its_module_is_told(CapturedOutput output) {
        application()
                .withUserConfiguration(EmptyApplication.class)
                .withClassLoader(new FilteredClassLoader("io.amends.dashboard"))
                .withPropertyValues("saga.console.enabled=true")
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output).contains("there is no console: add io.amends:saga-dashboard");
    }

    @Test
    void settings_of_each_module_are_known_and_a_misspelt_one_is_told(CapturedOutput output) {
        application()
                .withUserConfiguration(EmptyApplication.class)
                .withPropertyValues("saga.flow.participant-limits.stock=7", "saga.orchestrator.concurency=2")
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output)
                .contains("Did you mean saga.orchestrator.concurrency?")
                .doesNotContain("participant-limits");
    }

    @Test
    void orchestrator_and_participant_can_be_left_to_other_processes_and_need_no_savepoints_then() {
        application()
                .withUserConfiguration(ParcelApplication.class, WithoutSavepoints.class)
                .withPropertyValues("saga.orchestrator.enabled=false", "saga.participant.enabled=false")
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(Sagas.class);
                    assertThat(context.getBean("sagaNeededTopics", NeededTopics.class)
                                    .names())
                            .containsExactly("saga.post.commands");
                });
    }

    @Test
    void without_savepoints_sagas_do_not_start_and_the_outbox_alone_does() {
        application()
                .withUserConfiguration(ParcelApplication.class, WithoutSavepoints.class)
                .run(context ->
                        assertThat(context).getFailure().hasCauseInstanceOf(WrongTransactionManagerException.class));
        application()
                .withUserConfiguration(EmptyApplication.class, WithoutSavepoints.class)
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(Relay.class));
    }

    @Test
    void a_codec_of_the_application_takes_the_place_of_ours() {
        application()
                .withUserConfiguration(WithCodec.class)
                .run(context ->
                        assertThat(context).getBeanNames(PayloadCodec.class).containsExactly("myCodec"));
    }

    @Test
    void tables_that_may_only_be_looked_at_and_are_missing_stop_the_start() {
        application()
                .withUserConfiguration(EmptyApplication.class)
                .withPropertyValues("saga.schema.mode=validate")
                .run(context ->
                        assertThat(context).getFailure().rootCause().isInstanceOf(SchemaOutdatedException.class));
    }

    @Test
    void a_command_that_a_participant_of_the_same_application_does_not_handle_stops_the_start() {
        application()
                .withUserConfiguration(LetterApplication.class)
                .run(
                        context -> assertThat(context)
                                .getFailure()
                                .rootCause()
                                .isInstanceOf(InvalidSagaException.class)
                                .hasMessageContaining(
                                        "SAGA-011 letter v1, post: it sends post to participant 'post' of this application, which handles only [frank]."));
    }

    @Test
    void what_changed_since_unfinished_sagas_were_started_is_told_with_the_other_problems() {
        ApplicationContextRunner application = application();
        application
                .withUserConfiguration(EmptyApplication.class)
                .run(context -> new JdbcTemplate(context.getBean(DataSource.class)).update("""
                        insert into saga_instance (saga_id, saga_name, saga_version, fingerprint, business_key, body_hash, phase,
                                                   data, row_version, message_sequence, hlc)
                        values (gen_random_uuid(), 'letter', 1, 'another', 'k', '', 'RUNNING', '{}', 1, 1, 1)"""));

        application
                .withUserConfiguration(LetterApplication.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidSagaException.class)
                        .hasMessageContainingAll(
                                "SAGA-015 letter v1: 1 unfinished instances were started with another definition",
                                "SAGA-011 letter v1, post: "));
    }

    @Test
    void every_type_that_can_not_be_written_and_read_back_is_told_at_the_start() {
        application()
                .withUserConfiguration(ParcelsToDraw.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidSagaException.class)
                        .hasMessageContainingAll(
                                "SAGA-013 parcel v1, its data: ",
                                "Parcel.shape is the abstract type Shape",
                                "SAGA-013 parcel v1, draw: ",
                                "Draw.shape is the abstract type Shape",
                                "SAGA-013 sketch v1, its data: ",
                                "Sketch is the abstract type Sketch, and JSON does not say which class to make of it",
                                "use a sealed interface of such records with @JsonTypeInfo")
                        .hasMessageNotContaining("Erase"));
    }

    private static ApplicationContextRunner application() {
        EmbeddedPostgresServer postgres = EmbeddedPostgresServer.shared();
        return new ApplicationContextRunner()
                .withPropertyValues(
                        "spring.flyway.enabled=false",
                        "saga.topics.partitions=1",
                        "spring.datasource.url=" + postgres.freshDatabase(),
                        "spring.datasource.username=" + postgres.username(),
                        "spring.datasource.password=" + postgres.password(),
                        "spring.kafka.bootstrap-servers="
                                + EmbeddedKafkaBroker.shared().bootstrapServers());
    }

    @Configuration(proxyBeanMethods = false)
    static class WithoutSavepoints {
        @Bean
        JdbcTransactionManager transactionManager(DataSource dataSource) {
            JdbcTransactionManager manager = new JdbcTransactionManager(dataSource);
            manager.setNestedTransactionAllowed(false);
            return manager;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(EmptyApplication.class)
    static class WithCodec {
        @Bean
        PayloadCodec myCodec() {
            return new JacksonPayloadCodec();
        }
    }
}
