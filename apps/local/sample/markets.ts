/** Where the sample shop's customers live, and what people there are called. */
export type Market = {
  readonly country: string;
  readonly locale: string;
  readonly weight: number;
  readonly dial: string;
  readonly places: readonly Place[];
  readonly names: readonly string[];
  /** What one in `oneIn` of them reads instead. */
  readonly also?: { readonly locale: string; readonly oneIn: number };
};
export type Place = { readonly city: string; readonly timeZone: string };

export const MARKETS: readonly Market[] = [
  {
    country: 'PL',
    locale: 'pl',
    weight: 26,
    dial: '+4850',
    places: [
      { city: 'Warszawa', timeZone: 'Europe/Warsaw' },
      { city: 'Kraków', timeZone: 'Europe/Warsaw' },
    ],
    names: ['Anna Nowak', 'Piotr Wójcik', 'Katarzyna Mazur', 'Marek Kowalski', 'Zofia Lewandowska', 'Jan Zieliński'],
  },
  {
    country: 'DE',
    locale: 'de',
    also: { locale: 'ru', oneIn: 3 },
    weight: 20,
    dial: '+49151',
    places: [
      { city: 'Berlin', timeZone: 'Europe/Berlin' },
      { city: 'Köln', timeZone: 'Europe/Berlin' },
    ],
    names: ['Lena Fischer', 'Jonas Weber', 'Mia Schäfer', 'Felix Koch', 'Hanna Richter', 'Paul Braun'],
  },
  {
    country: 'GB',
    locale: 'en',
    weight: 20,
    dial: '+4477',
    places: [
      { city: 'London', timeZone: 'Europe/London' },
      { city: 'Leeds', timeZone: 'Europe/London' },
    ],
    names: ['Olivia Clarke', 'George Hughes', "Aoife O'Brien", 'Harry Evans', 'Grace Turner', 'Amir Khan'],
  },
  {
    country: 'US',
    locale: 'en-US',
    weight: 18,
    dial: '+1555',
    places: [
      { city: 'New York', timeZone: 'America/New_York' },
      { city: 'Chicago', timeZone: 'America/Chicago' },
      { city: 'Portland', timeZone: 'America/Los_Angeles' },
    ],
    names: ['Emma Johnson', 'Liam Garcia', 'Sofia Martinez', 'Noah Davis', 'Ava Wilson', 'Ethan Lee'],
  },
  {
    country: 'FR',
    locale: 'fr',
    weight: 8,
    dial: '+336',
    places: [{ city: 'Lyon', timeZone: 'Europe/Paris' }],
    names: ['Chloé Martin', 'Louis Bernard', 'Inès Dubois', 'Hugo Moreau'],
  },
  {
    country: 'EG',
    locale: 'ar',
    weight: 4,
    dial: '+2010',
    places: [{ city: 'Cairo', timeZone: 'Africa/Cairo' }],
    names: ['Mona Hassan', 'Youssef Ali', 'Salma Ibrahim', 'Omar Farouk'],
  },
  {
    country: 'JP',
    locale: 'ja',
    weight: 4,
    dial: '+8190',
    places: [{ city: 'Osaka', timeZone: 'Asia/Tokyo' }],
    names: ['Yui Tanaka', 'Haruto Sato', 'Aoi Suzuki', 'Ren Ito'],
  },
];
