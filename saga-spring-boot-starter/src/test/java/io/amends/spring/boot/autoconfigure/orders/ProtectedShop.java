package io.amends.spring.boot.autoconfigure.orders;

import static org.awaitility.Awaitility.await;

import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sagas;
import io.amends.saga.SagaKey;
import io.amends.saga.engine.SagaPhase;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.Order;
import io.amends.spring.boot.autoconfigure.orders.OrderApplication.OrderSaga;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.springframework.context.ConfigurableApplicationContext;

/** The shop with keys. */
final class ProtectedShop {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final List<String> KEYS = List.of(
            "--saga.security.signature.keys.s1=" + key(1),
            "--saga.security.signature.keys.s2=" + key(2),
            "--saga.security.encryption.keys.e1=" + key(3),
            "--saga.security.encryption.keys.e2=" + key(4));

    private ProtectedShop() {}

    /** It has all keys as soon as it has any setting of its messages' security. */
    static ConfigurableApplicationContext run(String database, String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        if (all.stream().anyMatch(one -> one.startsWith("--saga.security"))) {
            all.addAll(KEYS);
        }
        return Servers.run(database, all.toArray(String[]::new));
    }

    static UUID completed(Sagas sagas, String order) {
        UUID saga = sagas.start(OrderSaga.class, new Order(order, 5), SagaKey.of(order))
                .sagaId();
        await().atMost(PATIENCE).until(() -> phase(sagas, saga) == SagaPhase.COMPLETED);
        return saga;
    }

    static SagaPhase phase(Sagas sagas, UUID saga) {
        return sagas.find(saga).map(SagaSnapshot::phase).orElseThrow();
    }

    /** 32 times that byte, in Base64. */
    static String key(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
