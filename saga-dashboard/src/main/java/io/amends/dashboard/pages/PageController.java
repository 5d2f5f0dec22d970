package io.amends.dashboard.pages;

import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.ForTenants;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.language.Sentence;
import io.amends.dashboard.rest.ConsoleController;
import io.amends.dashboard.rest.ConsoleProblem;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.util.HtmlUtils;

/** Serves the shell and the files. */
public final class PageController implements ConsoleController {

    private static final Pattern BASE = Pattern.compile("<base href=\"[^\"]*\"");

    private final String base;
    private final Map<String, PageFile> files = new ConcurrentHashMap<>();

    /** @param base the console's path, below the context path */
    public PageController(String base) {
        this.base = base;
    }

    /** One shell for every page; it finds in its own address which one. */
    @GetMapping({
        "/",
        "/stuck",
        "/groups",
        "/sagas",
        "/sagas/{id}",
        "/outbox",
        "/messages",
        "/in-doubt",
        "/versions",
        "/charts",
        "/audit",
        "/runs",
        "/runs/{id}",
        "/approvals",
        "/approvals/{id}"
    })
    @Requires(ConsolePermission.VIEW)
    @ForTenants("has no data in it")
    ResponseEntity<byte[]> shell(HttpServletRequest request) {
        PageFile shell = file("index.html");
        // With what a proxy says that it takes away from the path, where the application has it heard.
        String at = HtmlUtils.htmlEscape(request.getContextPath() + base + "/");
        String html = BASE.matcher(new String(shell.bytes(), StandardCharsets.UTF_8))
                .replaceFirst(Matcher.quoteReplacement("<base href=\"%s\"".formatted(at)));
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_TYPE, shell.mediaType())
                .body(html.getBytes(StandardCharsets.UTF_8));
    }

    @GetMapping("/assets/{*name}")
    @Requires(ConsolePermission.VIEW)
    @ForTenants("has no data in it")
    ResponseEntity<byte[]> asset(
            @PathVariable String name,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String known) {
        PageFile file = file("assets" + name);
        ResponseEntity.BodyBuilder answer = file.tag().equals(known) ? ResponseEntity.status(304) : ResponseEntity.ok();
        answer.header(HttpHeaders.ETAG, file.tag()).header(HttpHeaders.CACHE_CONTROL, "no-cache");
        return file.tag().equals(known)
                ? answer.build()
                : answer.header(HttpHeaders.CONTENT_TYPE, file.mediaType()).body(file.bytes());
    }

    private PageFile file(String name) {
        PageFile known = files.get(name);
        if (known != null) {
            return known;
        }
        PageFile found = PageFile.find(name)
                .orElseThrow(() -> ConsoleProblem.notFound(Sentence.of("The console has no such file.")));
        files.put(name, found);
        return found;
    }
}
