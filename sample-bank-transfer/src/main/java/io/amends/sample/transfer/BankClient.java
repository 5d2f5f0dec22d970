package io.amends.sample.transfer;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Asks the banks over HTTP; briefly, since a transfer must not depend on a bank being there right now. */
@Component
class BankClient {

    private static final Logger log = LoggerFactory.getLogger(BankClient.class);
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final int MOST_KNOWN = 10_000;

    private final TransferProperties properties;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    /** Accounts that exist: none is ever deleted, so this never turns wrong. The oldest leave when it is full. */
    private final Set<String> known = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST_KNOWN;
        }
    }));

    BankClient(TransferProperties properties) {
        this.properties = properties;
    }

    /** Whether the bank says that it has no such account; a bank that does not answer says nothing. */
    boolean lacks(String bank, String account) {
        String key = bank + "/" + account;
        if (known.contains(key)) {
            return false;
        }
        Optional<HttpResponse<String>> answer = get(bank, "/accounts/" + account);
        if (answer.isPresent() && answer.get().statusCode() == 200) {
            known.add(key);
        }
        return answer.isPresent() && answer.get().statusCode() == 404;
    }

    /** Opens an account: the bank's own answer, empty if it gives none. */
    Optional<HttpResponse<String>> open(String bank, byte[] body) {
        return post(bank, "/accounts", body);
    }

    /** Whether its books are open, as JSON; empty if it does not answer, or they can't be closed. */
    Optional<String> books(String bank) {
        return good(get(bank, "/books"));
    }

    /** Opens or closes them. */
    Optional<String> books(String bank, byte[] body) {
        return good(post(bank, "/books", body));
    }

    /** The bank's audit as JSON, empty if it does not answer. */
    Optional<String> audit(String bank) {
        return good(get(bank, "/audit"));
    }

    private static Optional<String> good(Optional<HttpResponse<String>> answer) {
        return answer.filter(given -> given.statusCode() == 200).map(HttpResponse::body);
    }

    private Optional<HttpResponse<String>> post(String bank, String path, byte[] body) {
        return call(
                bank,
                path,
                request -> request.header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private Optional<HttpResponse<String>> get(String bank, String path) {
        return call(bank, path, HttpRequest.Builder::GET);
    }

    private Optional<HttpResponse<String>> call(
            String bank, String path, UnaryOperator<HttpRequest.Builder> customizer) {
        URI base = properties.banks().get(bank);
        if (base == null) {
            return Optional.empty();
        }
        try {
            HttpRequest request = customizer
                    .apply(HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE))
                    .build();
            return Optional.of(http.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException away) {
            log.debug("{} does not answer: {}", bank, away.toString());
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
