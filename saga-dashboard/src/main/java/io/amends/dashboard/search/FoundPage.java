package io.amends.dashboard.search;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A page of what was found, the latest started first.
 *
 * @param sagas the sagas
 * @param next the id behind which the next page begins, null if there is none
 * @param isAll whether the pages have all that are like the filter; if not, more may be: the filter asks what is stuck, and only a part
 *     of that was read
 */
public record FoundPage(List<FoundSaga> sagas, @Nullable UUID next, boolean isAll) {

    public FoundPage {
        sagas = List.copyOf(sagas);
    }
}
