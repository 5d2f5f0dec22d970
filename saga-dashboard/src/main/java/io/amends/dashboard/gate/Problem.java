package io.amends.dashboard.gate;

import io.amends.dashboard.language.Language;
import io.amends.dashboard.language.Sentence;
import jakarta.servlet.http.HttpServletRequest;
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
public record Problem(int status, String code, Sentence detail, Map<String, Object> more) {

    /** The media type of answers. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** Nobody logged in. */
    public static final Problem NOBODY = new Problem(
            401,
            "NOT_LOGGED_IN",
            Sentence.of(
                    "Nobody is logged in, or the session has ended. Log in at the console, or send what the application knows you by."));

    /** Not from a page of the console. */
    public static final Problem FORGED = new Problem(
            403,
            "CSRF",
            Sentence.of(
                    "The request does not repeat its cookie %s in the header %s. The console's pages do; other programs send the same text of their own in both.",
                    CsrfCookie.NAME, CsrfCookie.HEADER));

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public Problem {
        more = Map.copyOf(more);
    }

    /** Without further members. */
    public Problem(int status, String code, Sentence detail) {
        this(status, code, detail, Map.of());
    }

    /** Sends it in the language that the request asks for, unless the answer has begun. */
    public void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        HttpStatus known = HttpStatus.resolve(status);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", "about:blank");
        members.put("title", known == null ? "Error" : known.getReasonPhrase());
        members.put("status", status);
        members.put("code", code);
        Language language = Language.of(request.getHeader(HttpHeaders.ACCEPT_LANGUAGE));
        members.put("detail", detail.in(language));
        members.putAll(more);
        byte[] body = JSON.writeValueAsBytes(members);
        response.resetBuffer();
        // This is no file to be kept, even if the answer was to be one.
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, null);
        response.setStatus(status);
        response.setHeader(HttpHeaders.CONTENT_LANGUAGE, language.tag());
        response.setContentType(MEDIA_TYPE);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
