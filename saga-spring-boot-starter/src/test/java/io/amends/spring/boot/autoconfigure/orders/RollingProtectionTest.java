package io.amends.spring.boot.autoconfigure.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.Sagas;
import io.amends.runtime.security.MessageProtection;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** Keys are introduced and rotated while processes with other settings run: no step needs both at once. */
class RollingProtectionTest {

    /** What the orchestrator has, and what the participants have. One of both is always a step ahead. */
    private static final String[][][] STEPS = {
        {{}, {"signature.policy=accept-unsigned", "encryption.policy=accept-plain"}},
        {
            {"signature.key-id=s1", "signature.policy=accept-unsigned", "encryption.policy=accept-plain"},
            {"signature.key-id=s1", "encryption.key-id=e1", "encryption.policy=accept-plain"}
        },
        {{"signature.key-id=s1", "encryption.key-id=e1"}, {"signature.key-id=s2", "encryption.key-id=e2"}}
    };

    @Test
    void each_step_of_an_introduction_and_of_a_rotation_can_be_rolled_out_one_service_after_the_other() {
        String orchestrator = EmbeddedPostgresServer.shared().freshDatabase();
        String participant = EmbeddedPostgresServer.shared().freshDatabase();
        for (int i = 0; i < STEPS.length; i++) {
            try (ConfigurableApplicationContext asks =
                            ProtectedShop.run(orchestrator, settings(STEPS[i][0], "--saga.participant.enabled=false"));
                    ConfigurableApplicationContext answers = ProtectedShop.run(
                            participant, settings(STEPS[i][1], "--saga.orchestrator.enabled=false"))) {
                ProtectedShop.completed(asks.getBean(Sagas.class), "rolling-" + i);

                assertThat(answers.getBean(MessageProtection.class).unsigned() > 0)
                        .as("step %d: commands without a signature were taken", i)
                        .isEqualTo(i == 0);
            }
        }
    }

    private static String[] settings(String[] given, String role) {
        List<String> all = new ArrayList<>(List.of(role));
        Arrays.stream(given).map(one -> "--saga.security." + one).forEach(all::add);
        return all.toArray(String[]::new);
    }
}
