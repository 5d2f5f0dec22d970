package io.amends.spring.boot.autoconfigure.console;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Whether the console may stand open to everybody on this machine. Pure, but for the resolving of a name. */
final class WithoutSecurity {

    private WithoutSecurity() {}

    /**
     * Checks it.
     *
     * @param allowed whether somebody said so
     * @param property the setting that says what the console's web server listens on
     * @param address what it says, null for everything
     * @throws ConsoleRefusedException if it may not
     */
    static void check(boolean allowed, String property, @Nullable String address) {
        if (!allowed) {
            throw new ConsoleRefusedException(
                    "The console is switched on (saga.console.enabled), but Spring Security is not at work: everybody who reaches this process could repair, skip and discard.",
                    """
                    Add spring-boot-starter-security, and give operators the authorities ROLE_AMENDS_VIEWER, ROLE_AMENDS_OPERATOR or ROLE_AMENDS_ADMIN (or name your own under saga.console.roles).
                    To try the console on your own machine, set saga.console.unsafe-without-security=true and %s=127.0.0.1.""".formatted(property));
        }
        if (!isLoopback(address)) {
            throw new ConsoleRefusedException(
                    "The console runs without Spring Security (saga.console.unsafe-without-security), but the %s listens on %s."
                            .formatted(
                                    property.startsWith("management") ? "management server" : "web server",
                                    address == null || address.isBlank()
                                            ? "every address of this machine"
                                            : property + "=" + address + ", which is not a loopback address"),
                    "Set %s=127.0.0.1, so that only this machine reaches it. For anything else add spring-boot-starter-security."
                            .formatted(property));
        }
    }

    private static boolean isLoopback(@Nullable String address) {
        try {
            return address != null
                    && !address.isBlank()
                    && InetAddress.getByName(address.strip()).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}
