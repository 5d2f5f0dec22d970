package io.amends.spring.boot.autoconfigure.console;

import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/**
 * Which web server has the console, as far as the settings tell. Immutable.
 *
 * @param port on which of the ports
 * @param contextPath what is before the console's path there, empty for nothing
 * @param number the port's number where that is worth telling, else null
 */
record ConsolePlace(
        ConsolePort port, String contextPath, @Nullable String number) {

    static ConsolePlace of(Environment environment) {
        if (ConsolePort.of(environment) == ConsolePort.APPLICATION) {
            return ofApplication(environment.getProperty("server.servlet.context-path", ""));
        }
        // As Spring Boot reads it.
        String base = environment
                .getProperty("management.server.base-path", "")
                .strip()
                .replaceFirst("^(?=[^/])", "/")
                .replaceFirst("/$", "");
        String number = environment.getProperty("management.server.port");
        return new ConsolePlace(ConsolePort.MANAGEMENT, base, "0".equals(number) ? null : number);
    }

    static ConsolePlace ofApplication(String contextPath) {
        return new ConsolePlace(ConsolePort.APPLICATION, contextPath, null);
    }

    /** The setting that says what the server listens on. */
    String addressProperty() {
        return port == ConsolePort.APPLICATION ? "server.address" : "management.server.address";
    }

    /** Where the console with that path is, for the log. */
    String told(String path) {
        String at = contextPath + path + "/";
        if (port == ConsolePort.APPLICATION) {
            return at;
        }
        return at + " on the management port" + (number == null ? "" : " " + number);
    }
}
