/** What the sample shop sells: coffee, tea and what belongs to them. Prices in euros. */
export type Product = {
  readonly productId: string;
  readonly name: string;
  readonly category: string;
  readonly price: number;
};

const SHELVES: Readonly<Record<string, readonly (readonly [name: string, price: number])[]>> = {
  coffee: [
    ['House Espresso 1 kg', 21.9],
    ['Ethiopia Yirgacheffe 250 g', 11.5],
    ['Colombia Huila 250 g', 10.9],
    ['Brazil Santos 500 g', 13.9],
    ['Kenya AA 250 g', 13.5],
    ['Guatemala Antigua 250 g', 11.9],
    ['Sumatra Mandheling 500 g', 16.5],
    ['Decaf Swiss Water 250 g', 11.9],
    ['Filter Blend 1 kg', 19.9],
    ['Christmas Roast 250 g', 12.5],
  ],
  tea: [
    ['Darjeeling First Flush 100 g', 14.9],
    ['Assam Breakfast 250 g', 12.5],
    ['Earl Grey 100 g', 8.9],
    ['Sencha 100 g', 11.9],
    ['Jasmine Pearls 50 g', 13.5],
    ['Oolong Milk 100 g', 15.5],
    ['Rooibos Vanilla 100 g', 6.9],
    ['Peppermint Leaves 75 g', 5.5],
    ['Matcha Ceremonial 30 g', 24.9],
    ['White Peony 50 g', 12.9],
  ],
  'espresso-machines': [
    ['Lever One', 389],
    ['Compact Duo', 249],
    ['Barista Pro', 699],
    ['Thermo Classic', 549],
    ['Capsule Mini', 119],
    ['Portable Press', 89],
    ['Dual Boiler S', 1190],
    ['Automatic 300', 429],
    ['Automatic 500', 629],
    ['Moka Electric', 59],
  ],
  grinders: [
    ['Hand Grinder Slim', 69],
    ['Hand Grinder Steel', 129],
    ['Burr 40', 159],
    ['Burr 54', 249],
    ['Filter Burr', 199],
    ['Spice and Coffee Mill', 34.9],
    ['Single Dose 64', 449],
    ['Travel Mill', 49],
    ['Replacement Burrs 40', 29],
    ['Replacement Burrs 54', 39],
  ],
  brewing: [
    ['Pour-over Dripper', 24.9],
    ['Paper Filters, 100', 6.5],
    ['French Press 1 l', 34.9],
    ['Gooseneck Kettle', 79],
    ['Scale with Timer', 44.9],
    ['Cold Brew Jar', 29.9],
    ['Moka Pot for 3', 27.9],
    ['Milk Frother', 39.9],
    ['Tea Pot 1.2 l', 42],
    ['Tea Infuser', 9.9],
  ],
  cups: [
    ['Espresso Cups, 2', 18.9],
    ['Cappuccino Cups, 2', 22.9],
    ['Glass Mug', 11.9],
    ['Travel Mug 350 ml', 26.9],
    ['Tea Bowl', 14.5],
    ['Stoneware Mug', 16.5],
    ['Saucer Set, 4', 19.9],
    ['Thermo Flask 750 ml', 32.9],
    ['Double Wall Glass, 2', 21.5],
    ['Enamel Mug', 12.9],
  ],
  sweets: [
    ['Cantuccini 250 g', 6.9],
    ['Dark Chocolate 70 %', 4.5],
    ['Shortbread 200 g', 5.9],
    ['Honey Linden 250 g', 7.9],
    ['Candied Ginger 150 g', 4.9],
    ['Brown Sugar Cubes 500 g', 4.2],
    ['Stroopwafels, 8', 5.2],
    ['Salted Caramel 120 g', 6.5],
    ['Dates, 300 g', 6.2],
    ['Almond Biscotti 200 g', 5.9],
  ],
  gifts: [
    ['Tasting Box Coffee', 34.9],
    ['Tasting Box Tea', 32.9],
    ['Gift Card 25', 25],
    ['Gift Card 50', 50],
    ['Barista Course', 89],
    ['Breakfast Hamper', 59.9],
    ['Advent Calendar Coffee', 44.9],
    ['Cup and Beans Set', 29.9],
    ['Tea for Two', 39.9],
    ['Wrapping and Card', 3.5],
  ],
};

/** How often a shelf is asked for; machines are bought seldom. */
const WEIGHTS: Readonly<Record<string, number>> = {
  coffee: 30,
  tea: 18,
  brewing: 14,
  sweets: 14,
  cups: 10,
  gifts: 7,
  grinders: 4,
};

export const CATALOGUE: readonly Product[] = Object.entries(SHELVES).flatMap(([category, products]) =>
  products.map(([name, price], i) => ({ productId: `${category}-${i + 1}`, name, category, price })),
);

export const weightOf = (product: Product): number => WEIGHTS[product.category] ?? 3;
