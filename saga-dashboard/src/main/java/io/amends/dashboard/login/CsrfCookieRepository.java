package io.amends.dashboard.login;

import io.amends.dashboard.gate.CsrfCookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.DefaultCsrfToken;

/** The console's cookie, as Spring Security takes it. */
final class CsrfCookieRepository implements CsrfTokenRepository {

    private final CsrfCookie cookie;

    CsrfCookieRepository(CsrfCookie cookie) {
        this.cookie = cookie;
    }

    @Override
    public CsrfToken generateToken(HttpServletRequest request) {
        return token(cookie.made());
    }

    @Override
    public void saveToken(@Nullable CsrfToken token, HttpServletRequest request, HttpServletResponse response) {
        cookie.set(request, response, token == null ? null : token.getToken());
    }

    @Override
    public @Nullable CsrfToken loadToken(HttpServletRequest request) {
        String value = cookie.of(request);
        return value == null ? null : token(value);
    }

    private static CsrfToken token(String value) {
        return new DefaultCsrfToken(CsrfCookie.HEADER, CsrfCookie.PARAMETER, value);
    }
}
