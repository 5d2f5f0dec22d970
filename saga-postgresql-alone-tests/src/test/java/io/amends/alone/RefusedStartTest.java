package io.amends.alone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.amends.bare.BareApplication;
import io.amends.spring.boot.autoconfigure.InvalidSagaPropertiesException;
import io.amends.spring.boot.autoconfigure.transport.MissingReceiversException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** What can't work without Kafka is refused at the start, and nothing else. */
class RefusedStartTest {

    private final Shop shop = new Shop();

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void a_saga_whose_participant_is_in_another_application() {
        assertThat(catchThrowable(() -> shop.start("--spring.profiles.active=errand")))
                .hasRootCauseInstanceOf(MissingReceiversException.class)
                .hasStackTraceContaining("saga.courier.commands");
    }

    @Test
    void kafka_without_its_classes() {
        assertThat(catchThrowable(() -> shop.start("--saga.transport=kafka")))
                .hasRootCauseInstanceOf(InvalidSagaPropertiesException.class)
                .hasStackTraceContaining(
                        "saga.transport is kafka, but spring-kafka, kafka-clients or spring-boot-kafka is not on the classpath");
    }

    @Test
    void a_process_that_has_lanes_and_does_not_handle_what_is_in_them() {
        assertThat(catchThrowable(
                        () -> shop.start("--saga.participant.enabled=false", "--saga.orchestrator.enabled=false")))
                .hasRootCauseInstanceOf(InvalidSagaPropertiesException.class)
                .hasStackTraceContaining("saga.participant.enabled is false and saga.transport is postgresql")
                .hasStackTraceContaining("saga.orchestrator.enabled is false and saga.transport is postgresql");
        assertThat(catchThrowable(() -> shop.start("--saga.inbox.enabled=false")))
                .hasRootCauseInstanceOf(InvalidSagaPropertiesException.class)
                .hasStackTraceContaining("saga.inbox.enabled is false and saga.transport is postgresql");
    }

    @Test
    void an_application_without_handlers_may_switch_them_off_beside_its_lanes() {
        ConfigurableApplicationContext bare = shop.start(
                BareApplication.class,
                "--saga.participant.enabled=false",
                "--saga.orchestrator.enabled=false",
                "--saga.inbox.enabled=false");

        assertThat(bare.isRunning()).isTrue();
    }

    @Test
    void a_process_without_lanes_may_start_sagas_whose_participants_are_in_other_processes() {
        ConfigurableApplicationContext desk =
                shop.start("--spring.profiles.active=errand", "--saga.relay.enabled=false");

        assertThat(desk.isRunning()).isTrue();
    }

    @Test
    void a_process_without_lanes_may_leave_leave_all_of_it_to_another() {
        ConfigurableApplicationContext desk = shop.start(
                "--saga.relay.enabled=false",
                "--saga.participant.enabled=false",
                "--saga.orchestrator.enabled=false",
                "--saga.inbox.enabled=false");

        assertThat(desk.isRunning()).isTrue();
    }
}
