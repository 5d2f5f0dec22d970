package io.amends.dashboard.gate;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.json.JsonMapper;

/**
 * Why a request was not answered as it was asked (RFC 9457). Immutable.
 *
 * @param status the HTTP status
 * @param code a stable name for programs
 * @param detail what happened, where, and what to do
 * @param more further members; empty for none
 */
public record Problem(int status, String code, String detail, Map<String, Object> more) {

    /** The media type of answers. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** Nobody logged in. */
    public static final Problem NOBODY = new Problem(
            401,
            "NOT_LOGGED_IN",
            "Nobody is logged in, or the session has ended. Log in at the console, or send what the application knows you by.");

    /** Not from a page of the console. */
    public static final Problem FORGED = new Problem(
            403,
            "CSRF",
            "The request does not repeat its cookie %s in the header %s. The console's pages do; other programs send the same text of their own in both."
                    .formatted(CsrfCookie.NAME, CsrfCookie.HEADER));

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public Problem {
        more = Map.copyOf(more);
    }

    /** Without further members. */
    public Problem(int status, String code, String detail) {
        this(status, code, detail, Map.of());
    }

    /** Sends it, unless the answer has begun. */
    public void send(HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        HttpStatus known = HttpStatus.resolve(status);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", "about:blank");
        members.put("title", known == null ? "Error" : known.getReasonPhrase());
        members.put("status", status);
        members.put("code", code);
        members.put("detail", detail);
        members.putAll(more);
        byte[] body = JSON.writeValueAsBytes(members);
        response.resetBuffer();
        // This is no file to be kept, even if the answer was to be one.
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, null);
        response.setStatus(status);
        response.setContentType(MEDIA_TYPE);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
