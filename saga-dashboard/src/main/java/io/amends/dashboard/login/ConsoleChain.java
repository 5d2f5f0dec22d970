package io.amends.dashboard.login;

import io.amends.dashboard.gate.CsrfCookie;
import io.amends.dashboard.gate.Problem;
import io.amends.dashboard.language.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.AndRequestMatcher;
import org.springframework.security.web.util.matcher.NegatedRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * The console's own chain of Spring Security's filters. It is for the console's path alone, and lets only those through
 * who are known; what each may do is checked route by route, behind it.
 */
public final class ConsoleChain {

    private static final PathPatternRequestMatcher.Builder PATHS = PathPatternRequestMatcher.withDefaults();

    private ConsoleChain() {}

    /**
     * Makes it.
     *
     * @param http a fresh one of the application's
     * @param server whether a request came to the server that has the console, where the application has several
     * @param base the console's path, below the context path
     * @param open paths below it that need nobody to be known
     * @param csrf the console's cookie
     * @param login how to log in, null for the console's form and HTTP Basic
     */
    public static SecurityFilterChain of(
            HttpSecurity http,
            RequestMatcher server,
            String base,
            List<String> open,
            CsrfCookie csrf,
            @Nullable ConsoleLogin login) {
        RequestMatcher all = PATHS.matcher(base + "/**");
        RequestMatcher api = PATHS.matcher(base + "/api/**");
        HttpSessionRequestCache cache = new HttpSessionRequestCache();
        cache.setRequestMatcher(new AndRequestMatcher(
                PATHS.matcher(HttpMethod.GET, base + "/**"),
                new NegatedRequestMatcher(api),
                new NegatedRequestMatcher(PATHS.matcher(base + "/assets/**"))));
        if (login != null) {
            // First, so that it can't take away what follows.
            login.configure(http);
        }
        http.securityMatcher(new AndRequestMatcher(server, all))
                .authorizeHttpRequests(requests -> requests.requestMatchers(open.stream()
                                .map(path -> PATHS.matcher(HttpMethod.GET, base + path))
                                .toArray(RequestMatcher[]::new))
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .csrf(forgery -> forgery.csrfTokenRepository(new CsrfCookieRepository(csrf))
                        .csrfTokenRequestHandler(new CsrfTokenRequestAttributeHandler()))
                // The headers are those of every answer of the console, and set by a filter before.
                .headers(headers -> headers.disable())
                .requestCache(requests -> requests.requestCache(cache))
                .exceptionHandling(trouble -> trouble.defaultAuthenticationEntryPointFor(ConsoleChain::nobody, api)
                        .accessDeniedHandler(ConsoleChain::denied));
        http.logout(logout -> logout.logoutUrl(base + "/logout")
                .logoutSuccessUrl(login == null ? base + "/login?logout" : base + "/"));
        if (login == null) {
            http.formLogin(form -> form.loginPage(base + "/login")
                            .loginProcessingUrl(base + "/login")
                            .defaultSuccessUrl(base + "/")
                            .failureUrl(base + "/login?error"))
                    .httpBasic(basic -> basic.authenticationEntryPoint(ConsoleChain::nobody));
        }
        return http.build();
    }

    private static void nobody(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException trouble)
            throws IOException {
        // Without a challenge: a browser would ask for a password in a window of its own.
        Problem.NOBODY.send(request, response);
    }

    private static void denied(HttpServletRequest request, HttpServletResponse response, AccessDeniedException trouble)
            throws IOException {
        if (trouble instanceof CsrfException) {
            Problem.FORGED.send(request, response);
        } else {
            new Problem(
                            403,
                            "FORBIDDEN",
                            Sentence.of("That is not for you. Ask who gives out the application's roles."))
                    .send(request, response);
        }
    }
}
