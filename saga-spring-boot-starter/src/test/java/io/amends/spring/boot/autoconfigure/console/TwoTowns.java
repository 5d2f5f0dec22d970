package io.amends.spring.boot.autoconfigure.console;

import static org.awaitility.Awaitility.await;

import io.amends.saga.definition.SagaDefinition;
import io.amends.spring.boot.autoconfigure.console.Shop.Answer;
import io.amends.spring.boot.autoconfigure.console.shop.ShopApplication;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A shop where each town is a tenant, with one of everything that is Bonn's, and a saga of Kiel that Bonn's are linked with. */
final class TwoTowns implements AutoCloseable {

    static final String KEY = "KEY-OF-BONN";

    final Shop shop;
    final UUID saga;
    final UUID held;
    final UUID inKiel;
    final String request;
    final String planned;
    final String done;
    final String own;
    final String shared;
    final String group;
    final String line;

    TwoTowns() {
        shop = Shop.securedWith(
                OtherTown.class,
                "--saga.console.tenant.attribute=town",
                "--saga.console.four-eyes=resolve",
                "--saga.console.edit=true");
        saga = shop.stuck(KEY, "Bonn");
        held = shop.stuck(KEY + "-2", "Bonn");
        inKiel = shop.stuck("key-of-kiel", "Kiel");
        shop.jdbc.update(
                "insert into saga_parked (position, id, aggregatetype, aggregateid, type, payload, headers, bucket, xid,"
                        + " created_at, reason_code, reason) values (77, gen_random_uuid(), 'saga.store.commands', ?, 'reserve',"
                        + " '', '', 1, '5', now(), 'RECORD_TOO_LARGE', ?)",
                saga.toString(),
                KEY);
        shop.jdbc.update(
                "with k as (insert into saga_inbox_parked_key (consumer, topic) values ('reader', ?) returning id)"
                        + " insert into saga_inbox_parked (key_id, topic_id, partition, record_offset, record_timestamp, headers)"
                        + " select id, gen_random_uuid(), 0, 7, 0, '' from k",
                KEY);
        shop.order(saga, "pause", shop.revision(saga), reason("later"))
                .by("bonn")
                .send();
        shop.order(saga, "resume", shop.revision(saga), reason("now"))
                .by("bonn")
                .send();
        request = shop.order(saga, "resolve", shop.revision(saga), "{\"reason\":\"paid\",\"as\":\"COMPLETED\"}")
                .by("bonn")
                .send()
                .json()
                .path("requestId")
                .asString();
        planned = plan("retry", "key:" + KEY);
        done = plan("pause", "key:" + KEY + "-2");
        post("/api/v1/runs/%s/start".formatted(done), "bonn", "{}");
        awaitEnd(done);
        String view = "{\"name\":\"%s\",\"q\":\"key:%s\",\"shared\":%s,\"reason\":\"r\"}";
        own = post("/api/v1/views", "bonn", view.formatted("VIEW-OF-BONN", KEY, false))
                .json()
                .path("id")
                .asString();
        shared = post("/api/v1/views", "everywhere", view.formatted("SHARED-OF-BONN", KEY, true))
                .json()
                .path("id")
                .asString();
        group = get("/api/v1/groups", "everywhere")
                .json()
                .path("groups")
                .path(0)
                .path("id")
                .asString();
        shop.post("/api/v1/groups/%s/note".formatted(group))
                .own()
                .header("If-Match", "\"0\"")
                .json("{\"reason\":\"r\",\"note\":\"NOTE-OF-BONN\"}")
                .by("everywhere")
                .send();
        line = String.valueOf(shop.jdbc.queryForObject(
                "select min(action_id) from saga_console_action where verb = 'ask resolve'", Long.class));
        link(inKiel, held);
        link(held, inKiel);
    }

    /** As if the one had started the other. */
    private void link(UUID parent, UUID child) {
        shop.jdbc.update(
                "insert into saga_sub_saga (saga_id, role, parent_id, parent_name, parent_step) values (?, 'CHILD', ?, 'purchase', 'charge')",
                child,
                parent);
    }

    /** The next version of a purchase, which says of each that it is Kiel's. */
    @Configuration(proxyBeanMethods = false)
    static class OtherTown {

        @Bean
        SagaDefinition secondPurchase() {
            return ShopApplication.secondPurchase();
        }
    }

    String plan(String verb, String q) {
        return post("/api/v1/runs", "bonn", "{\"verb\":\"%s\",\"q\":\"%s\",\"reason\":\"r\"}".formatted(verb, q))
                .json()
                .path("id")
                .asString();
    }

    void awaitEnd(String run) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> List.of("DONE", "STOPPED")
                        .contains(get("/api/v1/runs/" + run, "bonn")
                                .json()
                                .path("state")
                                .asString()));
    }

    String reason(String text) {
        return "{\"reason\":\"%s\"}".formatted(text);
    }

    Answer get(String path, String who) {
        return shop.get(path).by(who).send();
    }

    /** As a page that was opened long ago, for which an answer does that others were given. */
    Answer asOpenPage(String path, String who) {
        return shop.get(path).header("Cache-Control", "max-age=3600").by(who).send();
    }

    Answer post(String path, String who, String body) {
        return shop.post(path)
                .own()
                .header("If-Match", "\"%d\"".formatted(shop.revision(saga)))
                .json(body)
                .by(who)
                .send();
    }

    @Override
    public void close() {
        shop.close();
    }
}
