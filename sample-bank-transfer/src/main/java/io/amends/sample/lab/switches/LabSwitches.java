package io.amends.sample.lab.switches;

import io.amends.spring.boot.autoconfigure.outbox.OutboxAutoConfiguration;
import io.amends.twopc.CoordinatorName;
import io.amends.twopc.DecisionLog;
import io.amends.twopc.JdbcDecisionLog;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;

/**
 * The transfer role's switches. No role scans this package; the application adds this class to the role if, and only if, it is
 * started with {@value #FOLDER}, as the failure lab does.
 */
@Configuration(proxyBeanMethods = false)
public class LabSwitches {

    /** The property that asks for the switches: the folder where they are armed. */
    public static final String FOLDER = "lab.switches";

    /** The exit code of a process that a switch has ended, as after SIGKILL. */
    public static final int KILLED = 137;

    @Bean
    @DependsOn(OutboxAutoConfiguration.SCHEMA_BEAN)
    DecisionLog dyingDecisionLog(DataSource dataSource, CoordinatorName name, @Value("${" + FOLDER + "}") Path folder) {
        return new DyingDecisionLog(
                new JdbcDecisionLog(dataSource, name.installation()),
                folder,
                () -> Runtime.getRuntime().halt(KILLED));
    }
}
