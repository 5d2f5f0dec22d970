package io.amends.dashboard.gate;

import io.amends.dashboard.language.Sentence;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Sets the headers that keep a browser from running, framing or keeping what the console sends, on every answer, whoever
 * makes it. Refuses bodies that are too large to be an order, and adds the slash that a path without it lacks. Safe for use by many threads.
 */
public final class HeadersFilter extends OncePerRequestFilter {

    /** No script, style or connection but the console's own; nobody may frame it. */
    public static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

    private static final long LARGEST = 64 * 1024;

    private final String base;

    /** @param base the console's path, below the context path */
    public HeadersFilter(String base) {
        this.base = base;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("Cache-Control", "no-store");
        // Who keeps an answer all the same must not give it to somebody of another language.
        response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_LANGUAGE);
        if (request.getContentLengthLong() > LARGEST) {
            new Problem(413, "TOO_LARGE", Sentence.of("A request has at most %d bytes.", LARGEST))
                    .send(request, response);
        } else if (request.getHeader("Transfer-Encoding") != null && request.getContentLengthLong() < 0) {
            new Problem(411, "LENGTH_NEEDED", Sentence.of("Say how long the request is, in the header Content-Length."))
                    .send(request, response);
        } else if (request.getRequestURI().equals(request.getContextPath() + base)) {
            response.setStatus(HttpServletResponse.SC_FOUND);
            response.setHeader("Location", request.getContextPath() + base + "/");
        } else {
            chain.doFilter(request, response);
        }
    }
}
