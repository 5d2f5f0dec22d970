package io.amends.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** The console's REST API. */
final class Api {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(60);

    private final String base;
    private final @Nullable String authorization;
    private final HttpClient client;

    /**
     * @param url the console's address
     * @param user who, null for nobody
     * @param password with which password
     */
    Api(String url, @Nullable String user, @Nullable String password) {
        String console = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.base = console + "/api/v1/";
        this.authorization = user == null
                ? null
                : "Basic "
                        + Base64.getEncoder()
                                .encodeToString((user + ":" + (password == null ? "" : password))
                                        .getBytes(StandardCharsets.UTF_8));
        this.client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /**
     * An answer.
     *
     * @param status the HTTP status, below 300
     * @param body what it says
     */
    record Answer(int status, JsonNode body) {}

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** @throws CliException if it can't be had */
    JsonNode get(String path, Map<String, String> query) {
        return send(request(path + parameters(query)).GET()).body();
    }

    private static String parameters(Map<String, String> query) {
        String parameters = query.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining("&"));
        return parameters.isEmpty() ? "" : "?" + parameters;
    }

    /**
     * A text of any length, line by line as it comes.
     *
     * @return the last line, empty if there is none
     * @throws CliException if it can't be had, or not all of it
     */
    String lines(String path, Map<String, String> query, Consumer<String> each) {
        HttpRequest.Builder request = request(path + parameters(query)).setHeader("Accept", "*/*");
        HttpResponse<Stream<String>> answer = answered(request.GET().build(), HttpResponse.BodyHandlers.ofLines());
        try (Stream<String> lines = answer.body()) {
            if (answer.statusCode() >= 300) {
                throw refused(answer.statusCode(), json(lines.collect(Collectors.joining("\n"))));
            }
            String last = "";
            for (Iterator<String> left = lines.iterator(); left.hasNext(); each.accept(last)) {
                last = left.next();
            }
            return last;
        } catch (UncheckedIOException broken) {
            throw new CliException(
                    ExitCode.UNREACHABLE,
                    "%s broke off, and what was printed is not all: %s".formatted(base, broken.getMessage()));
        }
    }

    /**
     * Orders something.
     *
     * @param headers further headers
     * @throws CliException if it was refused
     */
    Answer post(String path, Object body, Map<String, String> headers) {
        // The same text of our own in both: only a browser could be made to send it against its user's will.
        String token = UUID.randomUUID().toString();
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/json")
                .header("Cookie", "XSRF-TOKEN=" + token)
                .header("X-XSRF-TOKEN", token)
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
        headers.forEach(request::header);
        return send(request);
    }

    private HttpRequest.Builder request(String path) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                    .timeout(ANSWER)
                    .header("Accept", "application/json, application/problem+json");
            if (authorization != null) {
                request.header("Authorization", authorization);
            }
            return request;
        } catch (IllegalArgumentException bad) {
            throw CliException.usage("%s is no address of a console, such as https://shop.example.com/amends."
                    .formatted(base.substring(0, base.length() - "/api/v1/".length())));
        }
    }

    private Answer send(HttpRequest.Builder request) {
        HttpResponse<String> answer =
                answered(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        JsonNode body = json(answer.body());
        if (answer.statusCode() >= 300) {
            throw refused(answer.statusCode(), body);
        }
        return new Answer(answer.statusCode(), body);
    }

    private <T> HttpResponse<T> answered(HttpRequest request, HttpResponse.BodyHandler<T> as) {
        try {
            return client.send(request, as);
        } catch (IOException away) {
            throw new CliException(
                    ExitCode.UNREACHABLE,
                    "%s can't be reached: %s. Check --url, and whether the application runs with saga.console.enabled=true."
                            .formatted(
                                    base,
                                    away.getMessage() == null ? away.getClass().getSimpleName() : away.getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.UNREACHABLE, "Interrupted while waiting for an answer.");
        }
    }

    private static JsonNode json(String text) {
        try {
            return text.isBlank() ? MissingNode.getInstance() : JSON.readTree(text);
        } catch (JacksonException notJson) {
            return MissingNode.getInstance();
        }
    }

    private CliException refused(int status, JsonNode problem) {
        String detail = problem.path("detail").asString("");
        String code = problem.path("code").asString("");
        String text = detail.isEmpty() ? "%s answered %d.".formatted(base, status) : detail;
        String said = code.isEmpty() ? text : "%s (%s)".formatted(text, code);
        if (status == 401 || status == 403) {
            return new CliException(ExitCode.DENIED, said);
        }
        if (status >= 500 || status < 400) {
            return new CliException(
                    ExitCode.UNREACHABLE,
                    status < 400
                            ? "%s answered %d: that is not the console's API. Check --url.".formatted(base, status)
                            : said);
        }
        return new CliException(status == 400 ? ExitCode.USAGE : ExitCode.REFUSED, said);
    }
}
