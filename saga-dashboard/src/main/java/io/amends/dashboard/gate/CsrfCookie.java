package io.amends.dashboard.gate;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/**
 * The cookie that a request which changes something has to repeat in a header: pages of other sites make a browser send
 * the cookie, but can't read it ("double submit"). It is for the console's path only. Safe for use by many threads.
 */
public final class CsrfCookie {

    /** The cookie's name. */
    public static final String NAME = "XSRF-TOKEN";

    /** The header that repeats it. */
    public static final String HEADER = "X-XSRF-TOKEN";

    /** The parameter that does so in a form. */
    public static final String PARAMETER = "_csrf";

    private static final int BYTES = 32;
    private static final int LONGEST = 200;

    private final SecureRandom random = new SecureRandom();
    private final String base;

    /** @param base the console's path, below the context path */
    public CsrfCookie(String base) {
        this.base = base;
    }

    /** What the request's cookie says, null if it has none. */
    public @Nullable String of(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                String value = cookie.getValue();
                if (cookie.getName().equals(NAME) && !value.isBlank() && value.length() <= LONGEST) {
                    return value;
                }
            }
        }
        return null;
    }

    /** What the request's cookie says; if it has none, a new one is set. */
    public String of(HttpServletRequest request, HttpServletResponse response) {
        String before = of(request);
        return before == null ? renew(request, response) : before;
    }

    /** Sets a new one. */
    public String renew(HttpServletRequest request, HttpServletResponse response) {
        String token = made();
        set(request, response, token);
        return token;
    }

    /** A new value. */
    public String made() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * Sets it.
     *
     * @param token the value, null to remove the cookie
     */
    public void set(HttpServletRequest request, HttpServletResponse response, @Nullable String token) {
        ResponseCookie cookie = ResponseCookie.from(NAME, token == null ? "" : token)
                .path(request.getContextPath() + base)
                .maxAge(token == null ? 0 : -1)
                .secure(request.isSecure())
                .httpOnly(false)
                .sameSite("Strict")
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    }

    /** Whether the request repeats its cookie. */
    public boolean isRepeated(HttpServletRequest request) {
        String token = of(request);
        String repeated = request.getHeader(HEADER);
        return token != null
                && repeated != null
                && MessageDigest.isEqual(
                        token.getBytes(StandardCharsets.UTF_8), repeated.getBytes(StandardCharsets.UTF_8));
    }
}
