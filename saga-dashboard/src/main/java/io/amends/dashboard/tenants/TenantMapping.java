package io.amends.dashboard.tenants;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Which of the application's authorities let somebody see whose sagas. Who has none of them sees no saga. Immutable.
 *
 * @param attribute the search attribute that holds a saga's tenant, null where there are no tenants
 * @param prefix what an authority begins with that names a tenant behind it
 * @param all who has this authority sees the sagas of all tenants, and those of none
 */
public record TenantMapping(@Nullable String attribute, String prefix, String all) {

    /** Whose sagas somebody with those authorities sees; the names must be the same to the letter. */
    public TenantScope scope(Collection<String> authorities) {
        if (attribute == null || authorities.contains(all)) {
            return TenantScope.ALL;
        }
        return TenantScope.of(
                attribute,
                authorities.stream()
                        .filter(authority -> authority.startsWith(prefix) && authority.length() > prefix.length())
                        .map(authority -> authority.substring(prefix.length()))
                        .toList());
    }
}
