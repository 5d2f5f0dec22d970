create table shop_order (order_id text primary key, state text not null);
create table shop_reservation (order_id text primary key);
