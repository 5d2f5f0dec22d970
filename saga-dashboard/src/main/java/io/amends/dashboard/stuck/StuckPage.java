package io.amends.dashboard.stuck;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of stuck sagas, those first that are stuck longest.
 *
 * @param sagas the sagas
 * @param next where the next page begins, null if there is none
 */
public record StuckPage(List<StuckSaga> sagas, StuckQuery.@Nullable Place next) {

    public StuckPage {
        sagas = List.copyOf(sagas);
    }
}
