package io.amends.spring.boot.autoconfigure.twopc.bank;

import io.amends.twopc.BranchRefusedException;
import io.amends.twopc.TwoPhaseWork;
import java.nio.charset.StandardCharsets;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A service with one account, to which coordinators elsewhere may add. */
@SpringBootApplication
public class BankApplication {

    @Bean
    TwoPhaseWork credit(JdbcClient jdbc) {
        return (connection, work) -> {
            int amount = Integer.parseInt(new String(work.body(), StandardCharsets.UTF_8));
            int changed = jdbc.sql("update account set balance = balance + :amount where balance + :amount >= 0")
                    .param("amount", amount)
                    .update();
            if (changed == 0) {
                throw new BranchRefusedException("insufficient funds");
            }
        };
    }
}
