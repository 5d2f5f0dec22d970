package io.amends.spring.boot.autoconfigure.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.amends.outbox.AppendListener;
import io.amends.outbox.JdbcOutbox;
import io.amends.outbox.NoTransactionException;
import io.amends.outbox.Outbox;
import io.amends.outbox.OutboxLimits;
import io.amends.outbox.OutboxMessage;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What somebody sees who appends without a transaction while the application starts. */
@ExtendWith(OutputCaptureExtension.class)
class NoTransactionTest {

    @Test
    void who_appended_is_told_with_what_to_do_instead_of_a_stack_trace(CapturedOutput output) {
        assertThat(catchThrowable(() -> SpringApplication.run(Seeding.class)))
                .isInstanceOf(NoTransactionException.class);

        assertThat(output.toString()).containsIgnoringNewLines("""
                APPLICATION FAILED TO START
                ***************************

                Description:

                The outbox was used outside a transaction. Call it from a @Transactional method or a TransactionTemplate, so that the message and the change it tells of commit together.

                That was in io.amends.spring.boot.autoconfigure.diagnostics.NoTransactionTest$Seeder.seed(NoTransactionTest.java:""").containsIgnoringNewLines("""
                ), while the application starts.

                Action:

                While the application starts, @Transactional works on an ApplicationRunner and on what it calls of other beans. It has no effect on a constructor, on a @PostConstruct method and where an object calls its own method: use a TransactionTemplate there.
                """);
        assertThat(output).doesNotContain("\tat ");
    }

    @Configuration(proxyBeanMethods = false)
    static class Seeding {

        @Bean
        Outbox outbox() {
            return new JdbcOutbox(new PGSimpleDataSource(), OutboxLimits.DEFAULT, AppendListener.NONE);
        }

        @Bean
        ApplicationRunner seeder(Outbox outbox) {
            return arguments -> new Seeder(outbox).seed();
        }
    }

    private record Seeder(Outbox outbox) {

        void seed() {
            outbox.append(new OutboxMessage(new UUID(0, 1), "shop.orders", "1", "seeded", new byte[0], Map.of()));
        }
    }
}
