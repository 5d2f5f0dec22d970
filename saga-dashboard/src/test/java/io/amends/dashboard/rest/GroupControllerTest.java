package io.amends.dashboard.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.Office;
import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsoleRole;
import io.amends.dashboard.failures.FailureGroups;
import io.amends.dashboard.failures.GroupChange;
import io.amends.dashboard.failures.GroupNotes;
import io.amends.dashboard.rest.GroupController.GroupsAnswer;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.stuck.StuckSql;
import io.amends.dashboard.tenants.TenantScope;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an answer with groups of failures says of itself, and to whom. */
class GroupControllerTest {

    private static Office office;

    private final GroupNotes notes = new GroupNotes(
            office.depot.reads(), office.jdbc, office.transactions, office.log, UnaryOperator.identity());

    @BeforeAll
    static void open() {
        office = new Office();
    }

    @AfterAll
    static void close() {
        office.close();
    }

    @BeforeEach
    void clear() {
        office.clear();
    }

    @Test
    void that_there_are_more_groups_than_are_answered_is_told() {
        office.stuck("a");
        office.stuck("b");
        office.jdbc.update("update saga_instance set reason = 'the van burns' where saga_id = ?", office.stuck("c"));

        GroupsAnswer first = answer(1, TenantScope.ALL);
        assertThat(first.isMore()).isTrue();
        assertThat(first.groups())
                .singleElement()
                .satisfies(row ->
                        assertThat(row.group().number()).as("the largest").isEqualTo(2));
        assertThat(answer(2, TenantScope.ALL).isMore()).isFalse();
        assertThat(answer(2, TenantScope.ALL).groups()).hasSize(2);
    }

    @Test
    void who_sees_some_tenants_gets_their_sagas_groups_without_the_notes_of_all() {
        office.stuck("a");
        office.stuck("b");
        String group = answer(1, TenantScope.ALL).groups().get(0).group().id();
        notes.write(new GroupChange(group, 0, "customer-b called", null, null, Office.ANN, "so that all know", null));

        assertThat(answer(1, TenantScope.ALL).groups()).singleElement().satisfies(row -> {
            assertThat(row.group().number()).isEqualTo(2);
            assertThat(row.note()).isNotNull();
        });
        assertThat(answer(1, TenantScope.of("customer", List.of("customer-a"))).groups())
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.group().number()).isEqualTo(1);
                    assertThat(row.note()).isNull();
                });
    }

    @Test
    void that_more_may_be_stuck_than_was_read_is_told() {
        office.stuck("a");
        assertThat(answer(1, TenantScope.ALL).isAll()).isTrue();

        office.jdbc.update("""
                insert into saga_instance
                select (jsonb_populate_record(i, jsonb_build_object(
                         'saga_id', gen_random_uuid(), 'business_key', 'other-' || n))).*
                  from saga_instance i cross join generate_series(2, ?) n""", StuckSql.MOST);

        assertThat(answer(1, TenantScope.ALL).isAll()).isFalse();
    }

    private GroupsAnswer answer(int most, TenantScope scope) {
        return new GroupController(new FailureGroups(office.depot.reads(), StuckAllowances.DEFAULT), notes, most)
                .groups("", new Caller("ann", null, Set.of(ConsoleRole.VIEWER), scope));
    }
}
