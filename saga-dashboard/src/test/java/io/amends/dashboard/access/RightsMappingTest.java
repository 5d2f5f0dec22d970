package io.amends.dashboard.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.amends.dashboard.tenants.TenantScope;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What somebody may do by their roles, and by authorities that allow one thing alone. */
class RightsMappingTest {

    private static final RightsMapping MAPPING = new RightsMapping(
            Map.of(ConsolePermission.UNMASK, List.of("HELPS", "GUARDS")),
            Map.of("resolve", List.of("LEADS"), "retry", List.of("LEADS")));

    private static Rights rights(ConsoleRole role, String... authorities) {
        return MAPPING.rights(Set.of(role), List.of(authorities));
    }

    @Test
    void what_is_not_named_comes_with_the_role() {
        for (ConsoleRole role : ConsoleRole.values()) {
            assertThat(RightsMapping.BY_ROLE.rights(Set.of(role), List.of("HELPS")))
                    .isEqualTo(new Rights(role.permissions(), Map.of()));
        }
        assertThat(rights(ConsoleRole.OPERATOR).permissions()).isEqualTo(ConsoleRole.OPERATOR.permissions());
        assertThat(rights(ConsoleRole.ADMIN).mayOrder("skip")).isTrue();
        assertThat(rights(ConsoleRole.OPERATOR, "LEADS").mayOrder("skip")).isFalse();
    }

    @Test
    void a_permission_that_is_named_needs_its_authority_and_no_role_brings_it() {
        assertThat(rights(ConsoleRole.ADMIN).permissions())
                .isEqualTo(EnumSet.complementOf(EnumSet.of(ConsolePermission.UNMASK, ConsolePermission.EDIT)));
        assertThat(rights(ConsoleRole.ADMIN, "GUARDS").may(ConsolePermission.UNMASK))
                .isTrue();
        assertThat(rights(ConsoleRole.VIEWER, "HELPS").permissions())
                .containsExactlyInAnyOrder(
                        ConsolePermission.VIEW, ConsolePermission.EXPORT_AUDIT, ConsolePermission.UNMASK);
    }

    @Test
    void who_may_not_unmask_may_not_edit_since_what_is_masked_could_be_found_out_by_trying() {
        RightsMapping edits = new RightsMapping(Map.of(ConsolePermission.EDIT, List.of("EDITS")), Map.of());

        assertThat(edits.rights(Set.of(ConsoleRole.OPERATOR), List.of("EDITS")).may(ConsolePermission.EDIT))
                .isFalse();
        assertThat(edits.rights(Set.of(ConsoleRole.ADMIN), List.of("EDITS")).may(ConsolePermission.EDIT))
                .isTrue();
        assertThat(rights(ConsoleRole.ADMIN).may(ConsolePermission.EDIT)).isFalse();
        assertThat(rights(ConsoleRole.ADMIN, "GUARDS").may(ConsolePermission.EDIT))
                .isTrue();
    }

    @Test
    void a_verb_that_is_named_needs_its_authority_whatever_its_permission() {
        assertThat(rights(ConsoleRole.OPERATOR, "LEADS").mayOrder("resolve")).isTrue();
        assertThat(rights(ConsoleRole.ADMIN).mayOrder("resolve")).isFalse();
        assertThat(rights(ConsoleRole.ADMIN).mayOrder("retry")).isFalse();
        assertThat(rights(ConsoleRole.VIEWER, "LEADS").mayOrder("resolve"))
                .as("who orders nothing")
                .isFalse();
    }

    @Test
    void nobody_may_anything_without_a_role() {
        assertThat(MAPPING.rights(Set.of(), List.of("HELPS", "LEADS")).permissions())
                .isEmpty();
        assertThat(MAPPING.rights(Set.of(), List.of("HELPS", "LEADS")).mayOrder("resolve"))
                .isFalse();
    }

    @Test
    void who_sees_some_tenants_orders_nothing_that_could_make_a_saga_another_tenants_whoever_allows_it() {
        RightsMapping mapping = new RightsMapping(
                Map.of(ConsolePermission.EDIT, List.of("LEADS")), Map.of("migrate", List.of("LEADS")));
        Rights rights = mapping.rights(Set.of(ConsoleRole.OPERATOR), List.of("LEADS"));
        Caller bonn =
                new Caller("bea", null, Set.of(ConsoleRole.OPERATOR), rights, TenantScope.of("town", List.of("Bonn")));

        assertThat(rights.mayOrder("migrate")).isTrue();
        assertThat(bonn.mayOrder("migrate")).isFalse();
        assertThat(bonn.permissions()).doesNotContain(ConsolePermission.EDIT);
    }

    @Test
    void to_look_comes_with_every_role() {
        assertThatThrownBy(() -> new RightsMapping(Map.of(ConsolePermission.VIEW, List.of("LOOKS")), Map.of()))
                .hasMessageContaining("VIEW");
    }
}
