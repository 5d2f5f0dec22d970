package io.amends.sample;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the sample's REST surface. */
final class Api {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private Api() {}

    record Answer(int status, String contentType, String location, JsonNode body) {

        String text(String field) {
            JsonNode value = body.get(field);
            return value == null || value.isNull() ? "" : value.asString();
        }
    }

    static Answer post(URI base, String path, Map<String, ?> body) {
        return post(base, path, JSON.writeValueAsString(body));
    }

    static Answer post(URI base, String path, String body) {
        return send(HttpRequest.newBuilder(base.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    static Answer get(URI base, String path) {
        return send(HttpRequest.newBuilder(base.resolve(path)));
    }

    static Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response =
                    HTTP.send(request.timeout(Duration.ofSeconds(40)).build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(""),
                    response.headers().firstValue("Location").orElse(""),
                    response.body().length == 0 ? JSON.createObjectNode() : JSON.readTree(response.body()));
        } catch (IOException trouble) {
            throw new IllegalStateException("No answer from " + request.build().uri(), trouble);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** What a page says. */
    static String text(URI base, String path) {
        try {
            return HTTP.send(HttpRequest.newBuilder(base.resolve(path)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException trouble) {
            throw new IllegalStateException("No answer from " + base.resolve(path), trouble);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** A new account with that balance. */
    static String account(URI bank, String balance) {
        String number = "t" + UUID.randomUUID();
        Answer answer = post(bank, "/accounts", Map.of("account", number, "balance", balance));
        if (answer.status() != 201) {
            throw new IllegalStateException("No account: " + answer);
        }
        return number;
    }

    /** A transfer from bank A to bank B; change what a test is about. */
    static Map<String, String> transfer(String fromAccount, String toAccount, String amount) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("transferId", UUID.randomUUID().toString());
        body.put("fromBank", "bank-a");
        body.put("fromAccount", fromAccount);
        body.put("toBank", "bank-b");
        body.put("toAccount", toAccount);
        body.put("amount", amount);
        return body;
    }

    /** The same from bank B to bank A. */
    static Map<String, String> reversed(Map<String, String> transfer) {
        transfer.put("fromBank", "bank-b");
        transfer.put("toBank", "bank-a");
        return transfer;
    }
}
