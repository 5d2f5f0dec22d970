package io.amends.dashboard.rest;

import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.ForTenants;
import io.amends.dashboard.access.Masking;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.audit.AuditExport;
import io.amends.dashboard.audit.AuditLine;
import io.amends.dashboard.audit.AuditPage;
import io.amends.dashboard.audit.AuditQuery;
import io.amends.dashboard.audit.AuditTrail;
import io.amends.dashboard.language.Language;
import io.amends.dashboard.language.Sentence;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What operators did. */
@RequestMapping("/api/v1/audit")
public final class AuditController implements ConsoleController {

    private final AuditTrail trail;
    private final AuditExport export;

    /** Of that audit. */
    public AuditController(AuditTrail trail, Masking masking) {
        this.trail = trail;
        this.export = new AuditExport(trail, masking::text);
    }

    record AuditAnswer(List<AuditLine> lines, @Nullable Long next) {}

    /** How an export is written. */
    enum Format {
        /** Comma-separated values. */
        CSV("text/csv"),
        /** A JSON object a line. */
        JSONL("application/jsonl");

        private final String mediaType;

        Format(String mediaType) {
            this.mediaType = mediaType;
        }
    }

    @GetMapping
    @Requires(ConsolePermission.VIEW)
    @ForTenants("lists lines about their sagas")
    AuditAnswer lines(
            @RequestParam(required = false) @Nullable String actor,
            @RequestParam(required = false) @Nullable String verb,
            @RequestParam(required = false) @Nullable UUID saga,
            @RequestParam(required = false) @Nullable UUID run,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant before,
            @RequestParam(required = false) @Nullable Long after,
            @RequestParam(defaultValue = "100") int size,
            Caller caller,
            Language language) {
        AuditPage page = trail.page(query(actor, verb, saga, run, from, before, caller), after, size);
        return new AuditAnswer(AuditWords.in(language, page.lines()), page.next());
    }

    /** Line by line, so that it may be long. */
    @GetMapping("/export")
    @Requires(ConsolePermission.EXPORT_AUDIT)
    @ForTenants("writes lines about their sagas")
    void export(
            @RequestParam(defaultValue = "csv") String format,
            @RequestParam(required = false) @Nullable String actor,
            @RequestParam(required = false) @Nullable String verb,
            @RequestParam(required = false) @Nullable UUID saga,
            @RequestParam(required = false) @Nullable UUID run,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant before,
            HttpServletResponse response,
            Caller caller)
            throws IOException {
        Format as = format(format);
        AuditQuery query = query(actor, verb, saga, run, from, before, caller);
        // Before the answer begins, so that what can't be read is told by its status.
        trail.page(query, null, 1);
        response.setContentType(as.mediaType);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                "attachment; filename=\"audit.%s\"".formatted(as.name().toLowerCase(Locale.ROOT)));
        // Not the response's writer: what goes wrong before the answer begins could not be told behind that.
        Writer to = new BufferedWriter(new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8));
        if (as == Format.CSV) {
            export.csv(query, to);
        } else {
            export.jsonLines(query, to);
        }
        to.flush();
    }

    private static Format format(String name) {
        try {
            return Format.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw ConsoleProblem.badRequest(Sentence.of("'format' is csv or jsonl."));
        }
    }

    private static AuditQuery query(
            @Nullable String actor,
            @Nullable String verb,
            @Nullable UUID saga,
            @Nullable UUID run,
            @Nullable Instant from,
            @Nullable Instant before,
            Caller caller) {
        return new AuditQuery(actor, verb, saga, run, from, before, caller.scope());
    }
}
