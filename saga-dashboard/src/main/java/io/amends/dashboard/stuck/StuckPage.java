package io.amends.dashboard.stuck;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of stuck sagas, those first that are stuck longest.
 *
 * @param sagas the sagas
 * @param next where the next page begins, null if there is none
 * @param isAll whether the pages have all that are stuck; if not, more may be, behind the messages and steps that were read
 */
public record StuckPage(List<StuckSaga> sagas, StuckQuery.@Nullable Place next, boolean isAll) {

    public StuckPage {
        sagas = List.copyOf(sagas);
    }
}
