package io.amends.dashboard.gate;

import io.amends.dashboard.access.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** Knows who calls. Safe for use by many threads. */
public interface Callers {

    /** Who calls; empty if nobody logged in. */
    Optional<Caller> of(HttpServletRequest request);

    /** Whether who calls logged in, and can log out at the console. */
    default boolean canLogOut() {
        return false;
    }
}
