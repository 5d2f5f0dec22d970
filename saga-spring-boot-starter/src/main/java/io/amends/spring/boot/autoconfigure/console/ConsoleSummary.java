package io.amends.spring.boot.autoconfigure.console;

import io.amends.spring.boot.autoconfigure.StartupPhases;
import io.amends.spring.boot.autoconfigure.StartupTask;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells where the console is and who may enter. */
final class ConsoleSummary extends StartupTask {

    private static final Logger log = LoggerFactory.getLogger("io.amends");

    private final ConsoleProperties properties;
    private final ConsolePlace place;
    private final boolean secured;

    ConsoleSummary(ConsoleProperties properties, ConsolePlace place, boolean secured) {
        super(StartupPhases.SUMMARY);
        this.properties = properties;
        this.place = place;
        this.secured = secured;
    }

    @Override
    protected void run() {
        if (secured) {
            log.info(line());
        } else {
            log.warn(line());
        }
    }

    /** What is told. */
    String line() {
        ConsoleProperties.Roles roles = properties.roles();
        return "Console at %s for %s%s%s%s%s"
                .formatted(
                        place.told(properties.path()),
                        secured
                                ? "viewers %s, operators %s, administrators %s"
                                        .formatted(roles.viewer(), roles.operator(), roles.admin())
                                : "everybody on this machine, with all permissions (saga.console.unsafe-without-security)",
                        properties.permissions().isEmpty() || !secured
                                ? ""
                                : ", and only some for " + new TreeMap<>(properties.permissions()),
                        properties.tenant().attribute() == null || !secured
                                ? ""
                                : ", each the sagas of their tenants (%s...)"
                                        .formatted(properties.tenant().authorityPrefix()),
                        properties.readOnly() ? "; read-only" : "",
                        properties.fourEyes().isEmpty()
                                ? ""
                                : "; a second person for "
                                        + properties.fourEyes().stream()
                                                .sorted()
                                                .toList());
    }
}
