package io.amends.dashboard.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose sagas somebody sees. */
class TenantMappingTest {

    private static final TenantMapping TOWNS = new TenantMapping("town", "TOWN_", "ALL_TOWNS");

    @Test
    void an_authority_names_a_tenant_to_the_letter() {
        TenantScope scope =
                TOWNS.scope(List.of("ROLE_X", "TOWN_Kiel", "TOWN_Bonn", "TOWN_Kiel", "town_Ulm", "XTOWN_Y"));

        assertThat(scope.isAll()).isFalse();
        assertThat(scope.attribute()).isEqualTo("town");
        assertThat(scope.tenants()).containsExactly("Bonn", "Kiel");
    }

    @Test
    void who_has_none_sees_no_saga() {
        assertThat(TOWNS.scope(List.of("ROLE_ADMIN", "TOWN_")).isAll()).isFalse();
        assertThat(TOWNS.scope(List.of("ROLE_ADMIN", "TOWN_")).tenants()).isEmpty();
    }

    @Test
    void who_is_for_all_and_everybody_where_there_are_no_tenants_sees_all() {
        assertThat(TOWNS.scope(List.of("TOWN_Kiel", "ALL_TOWNS")).isAll()).isTrue();
        assertThat(new TenantMapping(null, "TOWN_", "ALL_TOWNS")
                        .scope(List.of())
                        .isAll())
                .isTrue();
    }
}
