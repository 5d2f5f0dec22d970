package io.amends.dashboard.search;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A page of what was found, the latest started first.
 *
 * @param sagas the sagas
 * @param next the id behind which the next page begins, null if there is none
 */
public record FoundPage(List<FoundSaga> sagas, @Nullable UUID next) {

    public FoundPage {
        sagas = List.copyOf(sagas);
    }
}
