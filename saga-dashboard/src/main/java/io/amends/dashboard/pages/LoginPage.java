package io.amends.dashboard.pages;

import io.amends.dashboard.access.OpenToAll;
import io.amends.dashboard.gate.CsrfCookie;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.rest.ConsoleController;
import io.amends.dashboard.rest.ConsoleProblem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.util.HtmlUtils;

/** Where somebody logs in whom the application does not know yet; works without script. */
public final class LoginPage implements ConsoleController {

    private final String base;
    private final CsrfCookie csrf;

    /** @param base the console's path, below the context path */
    public LoginPage(String base, CsrfCookie csrf) {
        this.base = base;
        this.csrf = csrf;
    }

    @GetMapping("/login")
    @OpenToAll("It says nothing but that there is a console.")
    ResponseEntity<byte[]> page(
            @RequestParam(required = false) @Nullable String error,
            @RequestParam(required = false) @Nullable String logout,
            HttpServletRequest request,
            HttpServletResponse response) {
        String said = error != null
                ? "<p role=\"alert\">That name and password are not known.</p>"
                : logout != null ? "<p role=\"status\">You are logged out.</p>" : "";
        String html = new String(file("login.html").bytes(), StandardCharsets.UTF_8)
                .replace("{base}", HtmlUtils.htmlEscape(request.getContextPath() + base + "/"))
                .replace("{said}", said)
                .replace("{csrf}", HtmlUtils.htmlEscape(csrf.of(request, response)));
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_TYPE, "text/html;charset=UTF-8")
                .body(html.getBytes(StandardCharsets.UTF_8));
    }

    @GetMapping("/login.css")
    @OpenToAll("It is the same in every copy of the console.")
    ResponseEntity<byte[]> style() {
        PageFile file = file("login.css");
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_TYPE, file.mediaType())
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .body(file.bytes());
    }

    private static PageFile file(String name) {
        return PageFile.find(name)
                .orElseThrow(() -> ConsoleProblem.notFound(Sentence.of("The console has no such file.")));
    }
}
