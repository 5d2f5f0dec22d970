package io.amends.cli;

import io.amends.saga.Command;
import io.amends.saga.CommandHandler;
import io.amends.saga.Retry;
import io.amends.saga.Saga;
import io.amends.saga.SagaParticipant;
import io.amends.saga.SagaStep;
import io.amends.saga.StepKind;
import io.amends.saga.Success;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/** A bakery whose oven can be broken. */
@SpringBootApplication
public class BakeryApplication {

    static final AtomicBoolean BROKEN = new AtomicBoolean();

    record Loaf(String id) {}

    record Bake(String id) implements Command<Baked> {}

    record Baked() implements Success {}

    @Saga(name = "loaf")
    static class LoafSaga {

        @SagaStep(
                order = 1,
                name = "bake",
                kind = StepKind.PIVOT,
                participant = "oven",
                timeout = "20s",
                retry = @Retry(attempts = 1))
        Bake bake(Loaf loaf) {
            return new Bake(loaf.id());
        }
    }

    @SagaParticipant("oven")
    static class Oven {

        @CommandHandler
        Baked on(Bake command) {
            if (BROKEN.get()) {
                throw new IllegalStateException("the oven is cold");
            }
            return new Baked();
        }
    }

    @Bean
    InMemoryUserDetailsManager users() {
        return new InMemoryUserDetailsManager(user("ann", "ADMIN"), user("bob", "ADMIN"), user("eve", "VIEWER"));
    }

    private static UserDetails user(String name, String role) {
        return User.withUsername(name)
                .password("{noop}" + name + "'s")
                .roles("AMENDS_" + role)
                .build();
    }
}
