package io.amends.dashboard.gate;

import io.amends.dashboard.language.Language;
import io.amends.dashboard.language.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
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
 * @param more further members, with sentences and lists of them in the language of who reads them; empty for none
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
        Language language = Language.of(request.getHeader(HttpHeaders.ACCEPT_LANGUAGE));
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", "about:blank");
        members.put("title", title(status).in(language));
        members.put("status", status);
        members.put("code", code);
        members.put("detail", detail.in(language));
        more.forEach((name, value) -> members.put(name, told(value, language)));
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

    private static Object told(Object value, Language language) {
        if (value instanceof List<?> all) {
            return all.stream().map(one -> told(one, language)).toList();
        }
        return value instanceof Sentence sentence ? sentence.in(language) : value;
    }

    /** What HTTP calls the status. */
    private static Sentence title(int status) {
        return switch (status) {
            case 400 -> Sentence.of("Bad Request");
            case 401 -> Sentence.of("Unauthorized");
            case 403 -> Sentence.of("Forbidden");
            case 404 -> Sentence.of("Not Found");
            case 405 -> Sentence.of("Method Not Allowed");
            case 409 -> Sentence.of("Conflict");
            case 411 -> Sentence.of("Length Required");
            case 413 -> Sentence.of("Content Too Large");
            case 415 -> Sentence.of("Unsupported Media Type");
            case 422 -> Sentence.of("Unprocessable Content");
            case 428 -> Sentence.of("Precondition Required");
            case 500 -> Sentence.of("Internal Server Error");
            case 503 -> Sentence.of("Service Unavailable");
            default -> {
                HttpStatus known = HttpStatus.resolve(status);
                yield known == null ? Sentence.of("Error") : Sentence.verbatim(known.getReasonPhrase());
            }
        };
    }
}
