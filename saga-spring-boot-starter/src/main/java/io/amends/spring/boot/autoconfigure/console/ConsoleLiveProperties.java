package io.amends.spring.boot.autoconfigure.console;

import io.amends.dashboard.alerts.WebhookSettings;
import io.amends.dashboard.retention.RetentionSettings;
import io.amends.spring.boot.autoconfigure.PropertyProblems;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of what the console does by itself.
 *
 * @param alerts Alerts for each saga, message and branch that gets stuck or recovers.
 * @param webhook Where alerts are sent.
 * @param retention For how long what the console noted is kept.
 */
@ConfigurationProperties("saga.console")
public record ConsoleLiveProperties(
        @DefaultValue Alerts alerts,
        @DefaultValue Webhook webhook,
        @DefaultValue Retention retention) {

    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
    private static final Duration ONE_MILLISECOND = Duration.ofMillis(1);

    public ConsoleLiveProperties {
        PropertyProblems problems = new PropertyProblems();
        problems.atLeast("saga.console.alerts.interval", alerts.interval(), SHORTEST_INTERVAL);
        problems.atLeast("saga.console.webhook.timeout", webhook.timeout(), ONE_MILLISECOND);
        problems.within("saga.console.webhook.attempts", webhook.attempts(), 1, 1000);
        URI url = webhook.url();
        if (url != null
                && (url.getHost() == null || !String.valueOf(url.getScheme()).matches("(?i)https?"))) {
            problems.add(
                    "saga.console.webhook.url must begin with http:// or https:// and have a host, such as https://alerts.example.com/amends.");
        }
        if (retention.audit() != null) {
            problems.atLeast("saga.console.retention.audit", retention.audit(), RetentionSettings.SHORTEST_AUDIT);
        }
        problems.atLeast("saga.console.retention.rest", retention.rest(), Duration.ofHours(1));
        problems.throwIfAny();
    }

    /**
     * Alerts for each saga, message and branch that gets stuck or recovers.
     *
     * @param interval How often this process looks whether sagas, messages or branches of two-phase commit got stuck or recovered, unless another one does.
     */
    public record Alerts(@DefaultValue("10s") Duration interval) {}

    /**
     * Where alerts are sent.
     *
     * @param url Address that alerts are posted to, of http or https. None by default.
     * @param secret Secret that requests are signed with, in the header Amends-Signature. Not signed by default.
     * @param timeout How long a request may take.
     * @param attempts How often a request is tried before it is given up.
     */
    public record Webhook(
            @Nullable URI url,
            @Nullable String secret,
            @DefaultValue("10s") Duration timeout,
            @DefaultValue("12") int attempts) {

        /** Null if there is none. */
        @Nullable
        WebhookSettings settings() {
            if (url == null) {
                return null;
            }
            WebhookSettings usual = WebhookSettings.of(url, secret);
            return new WebhookSettings(url, secret, timeout, attempts, usual.pause(), usual.longestPause());
        }

        /** Without the address, which may hold a token, and the secret. */
        @Override
        public String toString() {
            return "Webhook[%s]".formatted(url == null ? "none" : url.getHost());
        }
    }

    /**
     * For how long what the console noted is kept.
     *
     * @param audit How long lines of the audit are kept, at least 30 days. For ever by default.
     * @param rest How long runs and requests for a second person are kept after their end, and alerts.
     */
    public record Retention(
            @Nullable Duration audit, @DefaultValue("90d") Duration rest) {}
}
