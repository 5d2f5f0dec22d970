package io.amends.dashboard.alerts;

import io.amends.dashboard.alerts.DeliveryTable.Claim;
import io.amends.outbox.failure.ErrorText;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Sends alerts to a webhook, many of one moment in one request, at least once: what was not answered with success is sent
 * again, with the same id and the same alerts. Every process may send; each request is one process's at a time. No transaction
 * and no connection of the database is held while a request is under way. Safe for use by many threads.
 */
public final class Webhook {

    /** The header with the request's id, the same for each attempt. */
    public static final String DELIVERY_HEADER = "Amends-Delivery";

    /** The header {@code t=<seconds since 1970>,v1=<hex of HMAC-SHA256 of t, a dot and the body>}, where there is a secret. */
    public static final String SIGNATURE_HEADER = "Amends-Signature";

    private static final Logger log = LoggerFactory.getLogger(Webhook.class);
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final DeliveryTable table;
    private final WebhookSettings settings;
    private final WebhookText text;
    private final InstantSource clock;
    private final HttpClient client;

    /**
     * @param jdbc the orchestrator's database
     * @param settings where to, and how
     * @param application whose sagas they are
     * @param runbooks the address that a reason's code is added to, null for no links
     * @param console where people reach the console, without a slash at its end; null for no links
     * @param clock the present time, for signatures
     */
    public Webhook(
            JdbcOperations jdbc,
            WebhookSettings settings,
            String application,
            @Nullable String runbooks,
            @Nullable String console,
            InstantSource clock) {
        this.table = new DeliveryTable(jdbc);
        this.settings = settings;
        this.text = new WebhookText(application, runbooks, console);
        this.clock = clock;
        this.client = HttpClient.newBuilder()
                .connectTimeout(settings.timeout().compareTo(CONNECT) < 0 ? settings.timeout() : CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** Sends one request, if one is due; whether there was one. */
    public boolean sendOne() {
        // Longer than the request may take: nobody else sends it before this one knows what came of it.
        Optional<Claim> claimed = table.claim(settings.timeout().multipliedBy(2).plus(CONNECT));
        claimed.ifPresent(this::send);
        return claimed.isPresent();
    }

    private void send(Claim claim) {
        String body = text.json(claim.id(), table.alerts(claim));
        String trouble = post(claim, body);
        if (trouble == null) {
            table.delivered(claim);
        } else if (claim.attempt() >= settings.attempts()) {
            table.givenUp(claim, trouble);
            log.warn(
                    "The webhook at {} was not told of alerts {} to {} in {} attempts, the last: {}. They are in saga_console_alert.",
                    settings.url().getHost(),
                    claim.first(),
                    claim.last(),
                    claim.attempt(),
                    trouble);
        } else {
            table.again(claim, settings.pauseAfter(claim.attempt()), trouble);
            log.debug("The webhook's attempt {} of {}: {}", claim.attempt(), claim.id(), trouble);
        }
    }

    /** What went wrong, null if nothing did. */
    private @Nullable String post(Claim claim, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.url())
                .timeout(settings.timeout())
                .header("Content-Type", "application/json")
                .header(DELIVERY_HEADER, claim.id().toString())
                .POST(HttpRequest.BodyPublishers.ofString(body));
        String secret = settings.secret();
        if (secret != null) {
            request.header(SIGNATURE_HEADER, signature(secret, clock.instant(), body));
        }
        // Its own limit ends with the answer's head; this one also holds for a body that does not end.
        CompletableFuture<HttpResponse<Void>> answer =
                client.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding());
        try {
            int status = answer.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)
                    .statusCode();
            return status / 100 == 2 ? null : "it answered " + status;
        } catch (ExecutionException thrown) {
            Throwable cause = thrown.getCause();
            return ErrorText.of(cause == null ? thrown : cause);
        } catch (TimeoutException slow) {
            answer.cancel(true);
            return "it did not answer within " + settings.timeout();
        } catch (InterruptedException interrupted) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return "the process ended";
        }
    }

    private static String signature(String secret, Instant at, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] sum = mac.doFinal(WebhookText.signed(at, body).getBytes(StandardCharsets.UTF_8));
            return "t=%d,v1=%s".formatted(at.getEpochSecond(), HexFormat.of().formatHex(sum));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("Every Java has HmacSHA256", missing);
        }
    }
}
