package io.amends.runtime.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.runtime.LogWatch;
import io.amends.runtime.Orders.CardCharged;
import io.amends.runtime.Orders.StockReserved;
import io.amends.runtime.SagaQuery;
import io.amends.runtime.SagaSnapshot;
import io.amends.runtime.Sent;
import io.amends.saga.SagaKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Instances are found by what the saga class declares. */
class AttributeSearchTest extends OrderFixture {

    private UUID label(String key) {
        return sagas.start(LabelledSaga.class, Order.of(key), SagaKey.of(key)).sagaId();
    }

    private List<String> keys(SagaQuery query) {
        return sagas.search(query).stream().map(SagaSnapshot::key).toList();
    }

    @Test
    void from_the_start_on() {
        UUID id = label("one");
        sagas.start(LabelledSaga.class, new Order("other", "pen", 1, ""), SagaKey.of("other"));
        start("without");

        assertThat(saga(id).attributes()).isEqualTo(Map.of("item", "book"));
        assertThat(keys(SagaQuery.all().attribute("item", "book"))).containsExactly("one");
        assertThat(keys(SagaQuery.all().of("labelled").attribute("item", "pen")))
                .containsExactly("other");
        assertThat(keys(SagaQuery.all().attribute("shelf", "A1"))).isEmpty();
    }

    @Test
    void they_follow_the_data() {
        UUID id = label("one");
        deliver(bench.reply(takeOne(), new StockReserved("A1")));

        assertThat(saga(id).attributes()).isEqualTo(Map.of("item", "book", "shelf", "A1"));
        assertThat(keys(SagaQuery.all().attribute("shelf", "A1").attribute("item", "book")))
                .containsExactly("one");
    }

    @Test
    void a_value_that_the_data_has_no_more_is_gone() {
        UUID id = sagas.start(LabelledSaga.class, new Order("one", "book", 1, "B2"), SagaKey.of("one"))
                .sagaId();
        deliver(bench.reply(takeOne(), new StockReserved("")));

        assertThat(saga(id).attributes()).isEqualTo(Map.of("item", "book"));
        assertThat(keys(SagaQuery.all().attribute("shelf", "B2"))).isEmpty();
    }

    @Test
    void a_saga_that_declares_none_has_nothing_in_the_index() {
        UUID id = start("without");
        deliver(bench.reply(takeOne(), new StockReserved("A1")));

        assertThat(saga(id).attributes()).isEmpty();
        assertThat(database.number("select count(*) from saga_instance where attributes is null"))
                .isEqualTo(1);
    }

    @Test
    void an_update_that_leaves_them_as_they_are_touches_no_index() {
        UUID id = label("one");
        Sent reserve = takeOne();
        assertThat(updatesBy(() -> deliver(bench.reply(reserve, new StockReserved("A1")))))
                .as("with another shelf")
                .isEqualTo(new Updates(1, 0));
        Sent charge = takeOne();

        assertThat(updatesBy(() -> deliver(bench.reply(charge, new CardCharged("7")))))
                .as("with the same")
                .isEqualTo(new Updates(1, 1));
        assertThat(order(id).amount()).isEqualTo(2);
        assertThat(saga(id).attributes()).isEqualTo(Map.of("item", "book", "shelf", "A1"));
    }

    /** How many versions of instances' rows were made, and how many of them without new index entries. */
    private record Updates(long all, long hot) {}

    /** The server's own count for this connection, before and after. */
    private Updates updatesBy(Runnable work) {
        return bench.transaction().execute(status -> {
            Updates before = updates();
            work.run();
            Updates after = updates();
            return new Updates(after.all() - before.all(), after.hot() - before.hot());
        });
    }

    private Updates updates() {
        return bench.jdbc
                .query(
                        "select n_tup_upd, n_tup_hot_upd from pg_stat_xact_user_tables where relname = 'saga_instance'",
                        (row, number) -> new Updates(row.getLong(1), row.getLong(2)))
                .get(0);
    }

    @Test
    void one_that_throws_at_the_start_is_told_to_who_starts_and_nothing_is_stored() {
        Order unspeakable = new Order("one", "book", 1, LabelledSaga.UNSPEAKABLE);

        assertThatThrownBy(() -> sagas.start(LabelledSaga.class, unspeakable, SagaKey.of("one")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Saga 'labelled' can't start: its search attribute 'shelf' can't be told: java.lang.IllegalStateException: no word for it. Nothing was stored.");
        assertThat(database.count("saga_instance")).isZero();
        assertThat(bench.sent()).isEmpty();
    }

    @Test
    void one_that_throws_later_keeps_its_value_and_the_saga_goes_on() {
        UUID id = sagas.start(LabelledSaga.class, new Order("one", "book", 1, "B2"), SagaKey.of("one"))
                .sagaId();
        Sent reserve = takeOne();
        try (LogWatch log = LogWatch.of(SearchAttributes.class.getName())) {
            deliver(bench.reply(reserve, new StockReserved(LabelledSaga.UNSPEAKABLE)));

            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "WARN Saga %s (labelled): its search attribute 'shelf' stays as it was, because it can't be told: java.lang.IllegalStateException at "
                                    .formatted(id))
                    .doesNotContain("no word for it");
        }
        assertThat(takeOne().type()).isEqualTo("charge-card");
        assertThat(saga(id).attributes()).isEqualTo(Map.of("item", "book", "shelf", "B2"));
    }

    @Test
    void likewise_one_whose_value_can_not_be_indexed() {
        UUID id = label("one");
        deliver(bench.reply(takeOne(), new StockReserved("x".repeat(201))));

        assertThat(takeOne().type()).isEqualTo("charge-card");
        assertThat(saga(id).attributes()).isEqualTo(Map.of("item", "book"));
    }

    @Test
    void one_that_is_declared_later_has_its_value_once_the_data_changes() {
        UUID id = label("old");
        database.jdbc().update("update saga_instance set attributes = null");
        assertThat(saga(id).attributes()).isEmpty();

        deliver(bench.reply(takeOne(), new StockReserved("A1")));

        assertThat(saga(id).attributes()).isEqualTo(Map.of("item", "book", "shelf", "A1"));
    }

    @Test
    void the_search_goes_through_the_index() {
        label("one");
        database.jdbc().update("""
                insert into saga_instance (saga_id, saga_name, saga_version, fingerprint, business_key, body_hash, phase,
                                           data, row_version, message_sequence, hlc, attributes)
                select gen_random_uuid(), 'labelled', 1, 'f', 'k' || n, '', 'COMPLETED', '{}', 0, 0, 0,
                       case when n % 2 = 0 then jsonb_build_object('item', 'item ' || n) end
                  from generate_series(1, 20000) n""");
        database.jdbc().execute("vacuum analyze saga_instance");
        bench.watch.forget();

        assertThat(keys(SagaQuery.all().attribute("item", "book"))).containsExactly("one");

        String search = bench.watch.sent().stream()
                .filter(sql -> sql.contains("@>"))
                .findFirst()
                .orElseThrow();
        assertThat(String.join("\n", database.texts("explain (costs off) " + search, "{\"item\":\"book\"}", 100)))
                .contains("Bitmap Index Scan on saga_instance_attributes")
                .doesNotContain("Seq Scan");
    }

    @Test
    void what_no_attribute_can_have_is_not_looked_for() {
        assertThatThrownBy(() -> SagaQuery.all().attribute("item", Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("search attribute 'item' needs one");
    }
}
