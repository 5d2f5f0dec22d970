package io.amends.dashboard.gate;

import io.amends.dashboard.language.Sentence;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Stands in where the application has no Spring Security: lets requests through only from this machine and for a name of
 * it, so that no page of another site can reach the console by a name that it had point here ("DNS rebinding"), and
 * checks for forged requests. Safe for use by many threads.
 */
public final class LoopbackFilter extends OncePerRequestFilter {

    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1", "[0:0:0:0:0:0:0:1]");

    private final CsrfCookie csrf;

    /** Checks requests against that cookie. */
    public LoopbackFilter(CsrfCookie csrf) {
        this.csrf = csrf;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!NAMES.contains(name(request.getHeader("Host")))) {
            new Problem(
                            403,
                            "NOT_THIS_MACHINE",
                            Sentence.of(
                                    "The console runs without Spring Security, and takes requests for localhost, 127.0.0.1 and [::1] only."))
                    .send(request, response);
        } else if (!READS.contains(request.getMethod()) && !csrf.isRepeated(request)) {
            Problem.FORGED.send(request, response);
        } else {
            chain.doFilter(request, response);
        }
    }

    /** Without its port. */
    private static String name(@Nullable String host) {
        return host == null ? "" : host.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]+$", "");
    }
}
