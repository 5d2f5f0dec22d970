package io.amends.spring.boot.autoconfigure.console;

import io.amends.spring.boot.autoconfigure.StartupTask;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Sees to it that a console which was asked for on the management port is there, or the start ends: else an operator would find out in the
 * middle of the night that there is none. {@link ManagementConsoleConfiguration} tells it. Safe for use by many threads.
 */
final class ConsoleOnManagementPort extends StartupTask {

    private static final String ACTUATOR =
            "org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType";
    private static final String ASKED =
            "The console is to be on the management port (saga.console.port=management), but ";

    private final Environment environment;
    private volatile boolean served;

    /**
     * Looks at the settings.
     *
     * @throws ConsoleRefusedException if there will be no management port, or none of its own
     */
    ConsoleOnManagementPort(Environment environment, @Nullable ClassLoader classes) {
        // Spring Boot starts the management server before.
        super(SmartLifecycle.DEFAULT_PHASE);
        this.environment = environment;
        if (!ClassUtils.isPresent(ACTUATOR, classes)) {
            throw new ConsoleRefusedException(
                    ASKED + "Spring Boot's actuator, which has that port, is not on the class path.",
                    "Add spring-boot-starter-actuator and set management.server.port, such as 8081; or leave out saga.console.port, for a console on the application's own port.");
        }
        Settings.check(environment);
    }

    /** The management server has the console. */
    void served() {
        served = true;
    }

    @Override
    protected void run() {
        // Without a web server of the application's own, as in tests with mocks, there is no other one either.
        if (!served && environment.containsProperty("local.server.port")) {
            throw new ConsoleRefusedException(
                    ASKED + "no management server took it: none was started.",
                    "See whether spring.autoconfigure.exclude, or an exclude of @SpringBootApplication, names ManagementContextAutoConfiguration or that of the web server's management context; or leave out saga.console.port, for a console on the application's own port.");
        }
    }

    /** Apart, since its class may be missing. */
    private static final class Settings {

        static void check(Environment environment) {
            ManagementPortType type = ManagementPortType.get(environment);
            if (type != ManagementPortType.DIFFERENT) {
                String port = environment.getProperty("management.server.port");
                String why = port == null
                        ? "management.server.port is not set, so that the actuator is on the application's own port."
                        : type == ManagementPortType.DISABLED
                                ? "management.server.port=%s switches the management server off.".formatted(port)
                                : "management.server.port=%s is the application's own port.".formatted(port);
                throw new ConsoleRefusedException(
                        ASKED + why,
                        "Set management.server.port to a port of its own, such as 8081, and let only operators reach it; or leave out saga.console.port, for a console on the application's own port.");
            }
        }
    }
}
