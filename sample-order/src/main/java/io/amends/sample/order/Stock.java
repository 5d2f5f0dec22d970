package io.amends.sample.order;

import io.amends.saga.CommandHandler;
import io.amends.saga.SagaParticipant;
import io.amends.sample.order.Messages.OutOfStock;
import io.amends.sample.order.Messages.ReleaseStock;
import io.amends.sample.order.Messages.ReserveStock;
import io.amends.sample.order.Messages.ReserveStockReply;
import io.amends.sample.order.Messages.StockReleased;
import io.amends.sample.order.Messages.StockReserved;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The warehouse. */
@SagaParticipant("stock")
class Stock {

    private final JdbcClient jdbc;

    Stock(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @CommandHandler
    ReserveStockReply on(ReserveStock command) {
        int taken = jdbc.sql("update stock set available = available - :pieces"
                        + " where article = :article and available >= :pieces")
                .param("pieces", command.pieces())
                .param("article", command.article())
                .update();
        if (taken == 0) {
            return new OutOfStock(available(command.article()));
        }
        jdbc.sql("insert into reservation (order_id, article, pieces) values (?, ?, ?)")
                .params(command.orderId(), command.article(), command.pieces())
                .update();
        return new StockReserved();
    }

    @CommandHandler
    StockReleased on(ReleaseStock command) {
        jdbc.sql(
                        "with gone as (delete from reservation where order_id = ? returning article, pieces)"
                                + " update stock s set available = s.available + g.pieces from gone g where s.article = g.article")
                .param(command.orderId())
                .update();
        return new StockReleased();
    }

    private int available(String article) {
        return jdbc.sql("select available from stock where article = ?")
                .param(article)
                .query(Integer.class)
                .optional()
                .orElse(0);
    }
}
