package io.amends.dashboard.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.Office;
import io.amends.dashboard.access.Caller;
import io.amends.dashboard.access.ConsoleRole;
import io.amends.dashboard.failures.FailureGroups;
import io.amends.dashboard.failures.GroupNotes;
import io.amends.dashboard.rest.GroupController.GroupsAnswer;
import io.amends.dashboard.stuck.StuckAllowances;
import io.amends.dashboard.tenants.TenantScope;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What an answer with groups of failures says of itself. */
class GroupControllerTest {

    @Test
    void that_there_are_more_groups_than_are_answered_is_told() {
        try (Office office = new Office()) {
            office.stuck("a");
            office.stuck("b");
            office.jdbc.update(
                    "update saga_instance set reason = 'the van burns' where saga_id = ?", office.stuck("c"));

            GroupsAnswer first = answer(office, 1);
            assertThat(first.isMore()).isTrue();
            assertThat(first.groups())
                    .singleElement()
                    .satisfies(row ->
                            assertThat(row.group().number()).as("the largest").isEqualTo(2));
            assertThat(answer(office, 2).isMore()).isFalse();
            assertThat(answer(office, 2).groups()).hasSize(2);
        }
    }

    private static GroupsAnswer answer(Office office, int most) {
        GroupNotes notes = new GroupNotes(
                office.depot.reads(), office.jdbc, office.transactions, office.log, UnaryOperator.identity());
        return new GroupController(new FailureGroups(office.depot.reads(), StuckAllowances.DEFAULT), notes, most)
                .groups("", new Caller("ann", null, Set.of(ConsoleRole.VIEWER), TenantScope.ALL));
    }
}
