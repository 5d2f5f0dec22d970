package io.amends.spring.boot.test.shop;

import io.amends.saga.CommandHandler;
import io.amends.saga.SagaParticipant;
import io.amends.spring.boot.test.shop.Messages.OutOfStock;
import io.amends.spring.boot.test.shop.Messages.PutBack;
import io.amends.spring.boot.test.shop.Messages.PutBackDone;
import io.amends.spring.boot.test.shop.Messages.StockReply;
import io.amends.spring.boot.test.shop.Messages.TakeFromStock;
import io.amends.spring.boot.test.shop.Messages.Taken;

@SagaParticipant("${shop.warehouse:warehouse}")
class Warehouse {

    private final Stock stock;

    Warehouse(Stock stock) {
        this.stock = stock;
    }

    @CommandHandler
    StockReply on(TakeFromStock command) {
        int left = stock.add(command.item(), -command.pieces());
        return left < 0 ? new OutOfStock(command.item()) : new Taken();
    }

    @CommandHandler
    PutBackDone on(PutBack command) {
        stock.add(command.item(), command.pieces());
        return new PutBackDone();
    }
}
