package io.amends.sample.transfer;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Names this process in two-phase commit by its host and port, unless a name is configured. No other running process has that
 * name, neither on this machine nor in another container, and it is the same after a restart: so the process knows at once
 * what it left. With a port by chance it gets no name here, and the library makes one up; then what it leaves is settled by
 * whichever coordinator is there, after saga.twopc.take-over-after.
 */
public final class CoordinatorByAddress implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    static final String PROPERTY = "saga.twopc.coordinator";

    private static final Logger log = LoggerFactory.getLogger(CoordinatorByAddress.class);

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        ConfigurableEnvironment environment = context.getEnvironment();
        String port = environment.getProperty("server.port", "0");
        if (port.equals("0")) {
            return;
        }
        try {
            String host = InetAddress.getLocalHost().getHostName();
            environment
                    .getPropertySources()
                    .addLast(new MapPropertySource("coordinator-by-address", Map.of(PROPERTY, name(host, port))));
        } catch (UnknownHostException unnamed) {
            log.warn(
                    "The name of this machine can't be found out, so each start has another coordinator's name; set {}",
                    PROPERTY,
                    unnamed);
        }
    }

    /** Of characters that the names of prepared transactions may have. */
    static String name(String host, String port) {
        return "%s-%s".formatted(host.replaceAll("[^A-Za-z0-9_.-]", "-"), port);
    }
}
