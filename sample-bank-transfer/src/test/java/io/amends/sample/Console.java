package io.amends.sample;

import static org.awaitility.Awaitility.await;

import io.amends.sample.Api.Answer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** A client of the operations console of the transfer role. */
final class Console {

    private static final String TOKEN = "2f1d7a3c-51a8-4a0e-9a55-6f8f3f6f0c11";
    private static final List<String> UNDER_WAY = List.of("ACCEPTED", "ATTEMPTED");

    private final URI base;
    private final String password;

    Console(URI base, String password) {
        this.base = base;
        this.password = password;
    }

    Answer get(String user, String path) {
        return Api.send(request(user, path).GET());
    }

    long revision(UUID saga) {
        return get("viewer", "sagas/" + saga).body().path("revision").asLong();
    }

    /** A verb, for the revision that was seen. */
    Answer order(String user, UUID saga, String verb, long revision) {
        return Api.send(request(user, "sagas/%s/%s".formatted(saga, verb))
                .header("Cookie", "XSRF-TOKEN=" + TOKEN)
                .header("X-XSRF-TOKEN", TOKEN)
                .header("If-Match", "\"%d\"".formatted(revision))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"reason\":\"the test says so\"}")));
    }

    /** What came of an order that was carried out. */
    String outcome(Answer ordered) {
        long action = ordered.body().path("actionId").asLong();
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> get("viewer", "actions/" + action)
                                .body()
                                .path("state")
                                .asString(),
                        state -> !UNDER_WAY.contains(state));
    }

    int anonymous(String path) {
        return Api.send(HttpRequest.newBuilder(base.resolve("/amends/api/v1/" + path)))
                .status();
    }

    private HttpRequest.Builder request(String user, String path) {
        String word = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(base.resolve("/amends/api/v1/" + path)).header("Authorization", "Basic " + word);
    }
}
