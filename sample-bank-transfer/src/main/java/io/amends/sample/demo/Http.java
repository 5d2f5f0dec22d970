package io.amends.sample.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the services, patiently: one that does not answer, or says 5xx, is asked again until the demo's time is up. */
final class Http {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final long deadline;

    /**
     * @param deadline the end of patience, as {@link System#nanoTime} has it
     */
    Http(long deadline) {
        this.deadline = deadline;
    }

    /** An answer that is not a 5xx. */
    record Answer(int status, JsonNode body) {}

    /** The time was up. */
    static final class TimeUpException extends Exception {
        private static final long serialVersionUID = 1L;

        TimeUpException(String message) {
            super(message);
        }
    }

    Answer post(URI uri, Map<String, String> body) throws TimeUpException, InterruptedException {
        return call(HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build());
    }

    Answer get(URI uri) throws TimeUpException, InterruptedException {
        return call(HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(40))
                .GET()
                .build());
    }

    private Answer call(HttpRequest request) throws TimeUpException, InterruptedException {
        long pause = 50;
        while (true) {
            String trouble;
            try {
                HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
                if (response.statusCode() < 500) {
                    return new Answer(response.statusCode(), JSON.readTree(response.body()));
                }
                trouble = "answered " + response.statusCode();
            } catch (IOException | JacksonException away) {
                trouble = away.toString();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new TimeUpException(
                        "%s %s still %s when the time was up".formatted(request.method(), request.uri(), trouble));
            }
            TimeUnit.MILLISECONDS.sleep(pause);
            pause = Math.min(1_000, pause * 2);
        }
    }
}
